using System.Net;

namespace Signing.Client;

/// <summary>Stands in for a body that can be read only once: the very bytes that were hashed, under the headers of the original.</summary>
internal sealed class BufferedContent : HttpContent
{
    private readonly HttpContent _original;
    private readonly ReadOnlyMemory<byte> _bytes;

    public BufferedContent(HttpContent original, ReadOnlyMemory<byte> bytes)
    {
        _original = original;
        _bytes = bytes;
        foreach (var header in original.Headers.NonValidated)
        {
            // Value by value and unparsed: so they are sent as they would have been.
            foreach (string value in header.Value)
            {
                Headers.TryAddWithoutValidation(header.Key, value);
            }
        }
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.Write(_bytes.Span);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_bytes, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _original.Dispose();
        }

        base.Dispose(disposing);
    }
}
