using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Signing.Browser.Tests.Support;

/// <summary>An nginx of the machine that hands a path on to a site, without a thought for what is in the pages.</summary>
public sealed class Nginx : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("signing-nginx-").FullName;
    private readonly TaskCompletionSource _isListening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _lines = [];
    private Process _process = null!;

    public int Port { get; } = FreePort();

    public static async Task<Nginx> StartAsync(string path, int upstream, CancellationToken cancellationToken)
    {
        var nginx = new Nginx();
        await nginx.StartCoreAsync(path, upstream, cancellationToken);
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task StartCoreAsync(string path, int upstream, CancellationToken cancellationToken)
    {
        string configuration = Path.Combine(_folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            daemon off;
            master_process off;
            pid {{_folder}}/nginx.pid;
            error_log stderr notice;
            events { }
            http {
              access_log off;
              client_body_temp_path {{_folder}}/body;
              proxy_temp_path {{_folder}}/proxy;
              fastcgi_temp_path {{_folder}}/fastcgi;
              uwsgi_temp_path {{_folder}}/uwsgi;
              scgi_temp_path {{_folder}}/scgi;
              server {
                listen 127.0.0.1:{{Port}};
                location {{path}}/ {
                  proxy_pass http://127.0.0.1:{{upstream}};
                  proxy_set_header Host $http_host;
                }
              }
            }
            """, cancellationToken);
        _process = new Process { StartInfo = new ProcessStartInfo(Executable.Find("nginx"), ["-p", _folder, "-c", configuration, "-e", "stderr"]) { UseShellExecute = false, RedirectStandardError = true } };
        _process.ErrorDataReceived += (_, line) => See(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
        await _isListening.Task.WaitAsync(cancellationToken);
    }

    // It opens its port before it names the system that it runs on.
    private void See(string? line)
    {
        _lines.Add(line ?? "nginx has ended");
        if (line is null)
        {
            _isListening.TrySetException(new InvalidOperationException(string.Join('\n', _lines)));
        }
        else if (line.Contains("OS: ", StringComparison.Ordinal))
        {
            _isListening.TrySetResult();
        }
    }
}
