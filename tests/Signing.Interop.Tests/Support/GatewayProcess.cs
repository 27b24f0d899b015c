using System.Collections.Concurrent;
using System.Diagnostics;
using Signing.Browser.Tests.Support;

namespace Signing.Interop.Tests.Support;

/// <summary>An nginx or haproxy of the machine in the foreground, with a folder of its own.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private readonly TaskCompletionSource _isListening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly string _listening;
    private readonly Process _process;

    private GatewayProcess(string program, string[] arguments, string listening)
    {
        _listening = listening;
        _process = new Process { StartInfo = new ProcessStartInfo(Executable.Find(program), arguments) { UseShellExecute = false, RedirectStandardError = true } };
        _process.ErrorDataReceived += (_, line) => See(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts a program, and waits until it says that its ports are open.</summary>
    public static async Task<GatewayProcess> StartAsync(string program, string[] arguments, string listening)
    {
        var gateway = new GatewayProcess(program, arguments, listening);
        try
        {
            await gateway._isListening.Task.WaitAsync(TestContext.Current.CancellationToken);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void See(string? line)
    {
        _lines.Enqueue(line ?? "It has ended.");
        if (line is null)
        {
            _isListening.TrySetException(new InvalidOperationException(string.Join('\n', _lines)));
        }
        else if (line.Contains(_listening, StringComparison.Ordinal))
        {
            _isListening.TrySetResult();
        }
    }
}
