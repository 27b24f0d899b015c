using System.Runtime.Versioning;

namespace Signing.Client;

/// <summary>Waits on a <see cref="TimeProvider"/> without a task, for the synchronous <c>Send</c>.</summary>
[UnsupportedOSPlatform("browser")]
internal static class Pause
{
    public static void Wait(TimeSpan duration, TimeProvider time, CancellationToken cancellationToken)
    {
        if (duration == TimeSpan.Zero)
        {
            return;
        }

        using var elapsed = new ManualResetEventSlim();
        using ITimer timer = time.CreateTimer(static state => ((ManualResetEventSlim)state!).Set(), elapsed, duration, Timeout.InfiniteTimeSpan);
        elapsed.Wait(cancellationToken);
    }
}
