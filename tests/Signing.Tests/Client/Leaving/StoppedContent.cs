using System.Net;

namespace Signing.Tests.Client.Leaving;

/// <summary>Content that stops in its middle; read on a thread it listens to no token, as a socket does not, and ends only when it is disposed of.</summary>
/// <param name="bytes">What it is.</param>
/// <param name="stop">Where it stops.</param>
/// <param name="isRead">Whether it comes from a connection.</param>
internal sealed class StoppedContent(byte[] bytes, Stop stop, bool isRead) : HttpContent
{
    private readonly CancellationTokenSource _disposed = new();

    public bool IsDisposed => _disposed.IsCancellationRequested;

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        stream.Write(bytes.AsSpan(0, bytes.Length / 2));
        try
        {
            stop.Pass(isRead ? _disposed.Token : cancellationToken);
        }
        catch (OperationCanceledException disposed) when (isRead)
        {
            throw new ObjectDisposedException(nameof(StoppedContent), disposed);
        }

        stream.Write(bytes.AsSpan(bytes.Length / 2));
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Assert.False(IsDisposed, "It was disposed of under its reader.");
        await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), cancellationToken);
        await stop.PassAsync(cancellationToken);
        Assert.False(IsDisposed, "It was disposed of under its reader.");
        await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2), cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _disposed.Cancel();
        base.Dispose(disposing);
    }
}
