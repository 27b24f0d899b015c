namespace Signing;

/// <summary>RFC 9651 §3.3. Names the type of a bare item.</summary>
public enum BareItemType
{
    /// <summary>No item was read.</summary>
    None = 0,

    /// <summary>§3.3.1: at most 15 digits.</summary>
    Integer,

    /// <summary>§3.3.2: at most 12 integer and 3 fraction digits.</summary>
    Decimal,

    /// <summary>§3.3.3: printable ASCII in double quotes.</summary>
    String,

    /// <summary>§3.3.4: an unquoted word.</summary>
    Token,

    /// <summary>§3.3.5: base64 between colons.</summary>
    ByteSequence,

    /// <summary>§3.3.6: <c>?1</c> or <c>?0</c>.</summary>
    Boolean,

    /// <summary>§3.3.7: <c>@</c> and an Integer, seconds since 1970.</summary>
    Date,

    /// <summary>§3.3.8: percent-encoded UTF-8 in <c>%"…"</c>.</summary>
    DisplayString,
}
