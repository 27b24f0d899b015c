using System.Runtime.InteropServices;

namespace Signing.Tool;

/// <summary>Hears Ctrl-C and SIGTERM: ends what is under way, and knows what the shell is told.</summary>
internal sealed class StopSignals : IDisposable
{
    // For what cannot be ended, such as an answer to a pipe that nobody reads.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _heard;

    public StopSignals() => _heard = [Hear(PosixSignal.SIGINT, Tool.ExitCode.Stopped), Hear(PosixSignal.SIGTERM, Tool.ExitCode.Terminated)];

    public CancellationToken Token => _stop.Token;

    /// <summary>That of the first signal.</summary>
    public int ExitCode { get; private set; } = Tool.ExitCode.Stopped;

    public void Dispose()
    {
        Array.ForEach(_heard, one => one.Dispose());
        _stop.Dispose();
    }

    private PosixSignalRegistration Hear(PosixSignal signal, int exitCode) => PosixSignalRegistration.Create(signal, context =>
    {
        // A second one ends the process at once.
        context.Cancel = !_stop.IsCancellationRequested;
        if (context.Cancel)
        {
            ExitCode = exitCode;
            _ = StopAsync(exitCode);
        }
    });

    private async Task StopAsync(int exitCode)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.Delay(Grace, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        Environment.Exit(exitCode);
    }
}
