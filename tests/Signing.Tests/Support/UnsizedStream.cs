namespace Signing.Tests.Support;

/// <summary>Gives its bytes without saying how many there are, so that a client sends no length.</summary>
public sealed class UnsizedStream(byte[] content) : MemoryStream(content)
{
    public override bool CanSeek => false;
}
