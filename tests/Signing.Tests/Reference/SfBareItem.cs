namespace Signing.Tests.Reference;

/// <summary>RFC 9651 §3.3. A bare item: <see cref="Value"/> is a long, decimal, string, byte[] or bool, as <see cref="Kind"/> says.</summary>
public sealed record SfBareItem(SfKind Kind, object Value)
{
    public static SfBareItem True { get; } = new(SfKind.Boolean, true);

    public bool IsTrue => Value is true;

    public static SfBareItem Integer(long value) => new(SfKind.Integer, value);

    public static SfBareItem Text(string value) => new(SfKind.String, value);

    public static SfBareItem Bytes(byte[] value) => new(SfKind.ByteSequence, value);
}
