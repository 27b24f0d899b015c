namespace Signing.Tests.Reference;

/// <summary>One live secret of a key id; a key id may have several.</summary>
public sealed record ReferenceKey(string KeyId, byte[] Secret);
