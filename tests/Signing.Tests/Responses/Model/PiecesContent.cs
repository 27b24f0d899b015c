using System.Net;

namespace Signing.Tests.Responses.Model;

/// <summary>The content of an answer in small pieces, which may break off; says whether anybody has read it, and that it was disposed of.</summary>
internal sealed class PiecesContent(byte[] bytes, int piece, bool breaksOff) : HttpContent
{
    public bool IsRead { get; private set; }

    public bool IsDisposed { get; private set; }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Open();
        foreach (byte[] part in bytes.Chunk(piece))
        {
            stream.Write(part);
        }

        ThrowIfBroken();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Open();
        foreach (byte[] part in bytes.Chunk(piece))
        {
            await Task.Yield();
            await stream.WriteAsync(part, cancellationToken);
        }

        ThrowIfBroken();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private void Open()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        IsRead = true;
    }

    private void ThrowIfBroken()
    {
        if (breaksOff)
        {
            throw new IOException("The connection broke.");
        }
    }
}
