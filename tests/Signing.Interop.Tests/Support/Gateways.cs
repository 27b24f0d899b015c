using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Signing.Interop.Tests.Support;

/// <summary>One nginx and one haproxy that end TLS in front of any number of servers, each in its own way.</summary>
public sealed class Gateways : IAsyncDisposable
{
    public const string Prefix = "/v1";

    private readonly string _folder = Directory.CreateTempSubdirectory("signing-gateways-").FullName;
    private readonly StringBuilder _nginxServers = new();
    private readonly StringBuilder _haproxyServers = new();
    private readonly List<GatewayProcess> _processes = [];
    private readonly HashSet<int> _ports = [];

    /// <summary>nginx hands on the Host that the caller wrote.</summary>
    public int AddNginxPassing(int upstream) => AddNginx("/", $"http://127.0.0.1:{upstream}", """
        proxy_http_version 1.1;
                  proxy_request_buffering off;
                  proxy_set_header Host $http_host;
        """);

    /// <summary>nginx as it comes: the Host is the address of the server behind it.</summary>
    public int AddNginxRewriting(int upstream) => AddNginx("/", $"http://127.0.0.1:{upstream}");

    /// <summary>nginx writes a Host of its own, and says beside it which one the caller wrote.</summary>
    public int AddNginxForwarding(int upstream) => AddNginx("/", $"http://127.0.0.1:{upstream}", """
        proxy_set_header Host internal.example;
                  proxy_set_header X-Forwarded-Host $http_host;
        """);

    /// <summary>nginx takes the prefix off the path: a <c>proxy_pass</c> with a path of its own.</summary>
    public int AddNginxStripping(int upstream) => AddNginx(Prefix + "/", $"http://127.0.0.1:{upstream}/");

    /// <summary>nginx hands on the Host, and keeps every answer for a minute that does not say otherwise.</summary>
    public int AddNginxCaching(int upstream) => AddNginx("/", $"http://127.0.0.1:{upstream}", """
        proxy_set_header Host $http_host;
                  proxy_cache answers;
                  proxy_cache_valid 200 1m;
        """);

    /// <summary>haproxy as it comes, but for the scheme, which it has to be told to hand on.</summary>
    public int AddHaproxy(int upstream)
    {
        int port = FreePort();
        _haproxyServers.Append($"""

            frontend from{port}
              bind 127.0.0.1:{port} ssl crt {CertificateFile} alpn h2,http/1.1
              http-request set-header X-Forwarded-Proto https
              default_backend to{port}
            backend to{port}
              server one 127.0.0.1:{upstream}

            """);
        return port;
    }

    public async Task StartAsync(Certificate certificate)
    {
        await File.WriteAllTextAsync(CertificateFile, certificate.WithKey, TestContext.Current.CancellationToken);
        await StartNginxAsync();
        if (_haproxyServers.Length > 0)
        {
            await StartHaproxyAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (GatewayProcess process in _processes)
        {
            await process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string CertificateFile => Path.Combine(_folder, "certificate.pem");

    private int AddNginx(string location, string upstream, string directives = "")
    {
        int port = FreePort();
        _nginxServers.Append($$"""
              server {
                listen 127.0.0.1:{{port}} ssl http2;
                location {{location}} {
                  proxy_pass {{upstream}};
                  proxy_set_header X-Forwarded-Proto $scheme;
                  {{directives}}
                }
              }

            """);
        return port;
    }

    private async Task StartNginxAsync()
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
              ssl_certificate {{CertificateFile}};
              ssl_certificate_key {{CertificateFile}};
              client_body_temp_path {{_folder}}/body;
              proxy_temp_path {{_folder}}/proxy;
              fastcgi_temp_path {{_folder}}/fastcgi;
              uwsgi_temp_path {{_folder}}/uwsgi;
              scgi_temp_path {{_folder}}/scgi;
              proxy_cache_path {{_folder}}/answers keys_zone=answers:1m;
            {{_nginxServers}}
            }
            """, TestContext.Current.CancellationToken);

        // It opens its ports before it names the system that it runs on.
        _processes.Add(await GatewayProcess.StartAsync("nginx", ["-p", _folder, "-c", configuration, "-e", "stderr"], "OS: "));
    }

    private async Task StartHaproxyAsync()
    {
        string configuration = Path.Combine(_folder, "haproxy.cfg");
        await File.WriteAllTextAsync(configuration, $"""
            defaults
              mode http
              timeout connect 10s
              timeout client 30s
              timeout server 30s
            {_haproxyServers}
            """, TestContext.Current.CancellationToken);

        // As a master it says when its worker has opened the ports.
        _processes.Add(await GatewayProcess.StartAsync("haproxy", ["-W", "-db", "-f", configuration], "Loading success"));
    }

    // Below the ports that systems hand out by themselves: what is free now is still free when the gateway opens it.
    private int FreePort()
    {
        while (true)
        {
            int port = RandomNumberGenerator.GetInt32(10_000, 30_000);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                continue;
            }

            if (_ports.Add(port))
            {
                return port;
            }
        }
    }
}
