using System.Net;

namespace Signing.Tests.Client.Model;

/// <summary>Fails if it is written a second time, as what is fetched while it is written may.</summary>
internal sealed class OnceContent(byte[] bytes) : HttpContent
{
    private bool _isWritten;

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Assert.False(_isWritten, "A body that can be read once was read twice.");
        _isWritten = true;
        stream.Write(bytes);
    }

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
}
