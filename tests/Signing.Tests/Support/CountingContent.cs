using System.Net;
using System.Text;

namespace Signing.Tests.Support;

/// <summary>Writes how often it was asked to write itself, and does not know its length.</summary>
public sealed class CountingContent : HttpContent
{
    /// <summary>How often it was asked.</summary>
    public int Count { get; private set; }

    public bool IsDisposed { get; private set; }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.Write(Encoding.ASCII.GetBytes($"serialisation {++Count}"));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        SerializeToStream(stream, context, CancellationToken.None);
        return Task.CompletedTask;
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
}
