namespace Signing;

/// <summary>RFC 9651 §3.3. Holds one bare item as a window on the text it was read from.</summary>
public readonly ref struct BareItem
{
    internal BareItem(BareItemType type, ReadOnlySpan<char> raw, long number, bool isCanonical)
    {
        Type = type;
        Raw = raw;
        Number = number;
        IsCanonical = isCanonical;
    }

    /// <summary>Gets the value of a key that stands alone, which is Boolean true.</summary>
    public static BareItem ImplicitTrue => new(BareItemType.Boolean, default, 1, isCanonical: true);

    /// <summary>Gets the type; <see cref="BareItemType.None"/> if nothing was read.</summary>
    public BareItemType Type { get; }

    /// <summary>Gets the text as received, delimiters included; empty for an implicit Boolean true.</summary>
    public ReadOnlySpan<char> Raw { get; }

    /// <summary>Gets the text between the delimiters, escapes still in place.</summary>
    public ReadOnlySpan<char> Content => Type switch
    {
        BareItemType.String or BareItemType.ByteSequence => Raw[1..^1],
        BareItemType.DisplayString => Raw[2..^1],
        BareItemType.Date => Raw[1..],
        BareItemType.Boolean => Raw.IsEmpty ? Raw : Raw[1..],
        _ => Raw,
    };

    /// <summary>Gets the value of an Integer or Date, a Decimal in thousandths, or 1 and 0 for a Boolean; 0 for the other types.</summary>
    public long Number { get; }

    /// <summary>Gets whether <see cref="Raw"/> is what strict serialisation (§4.1) would write.</summary>
    public bool IsCanonical { get; }

    /// <summary>Copies the value of a String, its escapes resolved.</summary>
    /// <param name="destination">As many characters as <see cref="Content"/> has are always enough.</param>
    /// <param name="written">The characters written; 0 on failure.</param>
    /// <returns><see langword="true"/>; <see langword="false"/> if the item is not a String or <paramref name="destination"/> is too short.</returns>
    public bool TryCopyString(Span<char> destination, out int written)
    {
        written = 0;
        if (Type != BareItemType.String || !QuotedString.TryUnescape(Content, destination, out var length))
        {
            return false;
        }

        written = length;
        return true;
    }

    /// <summary>Decodes the value of a Byte Sequence.</summary>
    /// <param name="destination">Three bytes for each four characters of <see cref="Content"/> are always enough.</param>
    /// <param name="written">The bytes written; 0 on failure.</param>
    /// <returns><see langword="true"/>; <see langword="false"/> if the item is not a Byte Sequence or <paramref name="destination"/> is too short.</returns>
    public bool TryDecodeBytes(Span<byte> destination, out int written)
    {
        written = 0;
        return Type == BareItemType.ByteSequence && ByteSequence.TryDecode(Content, destination, out written);
    }
}
