namespace Signing.AspNetCore;

/// <summary>Tells a wait that was given up by whoever waited from one that failed by itself, which may be by a cancellation too.</summary>
internal static class Cancellation
{
    public static bool Caused(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
}
