namespace Signing;
public sealed class SigningKey : IDisposable
{
    public SigningKey(string keyId, ReadOnlySpan<byte> secret) => throw new NotImplementedException();
    /// <summary>UTF-8 bytes of the Secret exactly as shown.</summary>
    public SigningKey(string keyId, string secret) => throw new NotImplementedException();
    public string KeyId { get; }
    public override string ToString() => KeyId;
    public void Dispose() { }
}
