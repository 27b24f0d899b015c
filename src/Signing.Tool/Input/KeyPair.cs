namespace Signing.Tool;

/// <summary>A Key and its Secret.</summary>
internal sealed record KeyPair(string Key, string Secret)
{
    public override string ToString() => Key;
}
