namespace Signing.Tests.Reference;

/// <summary>RFC 9651 §3.3. The eight types of a bare item.</summary>
public enum SfKind
{
    Integer,
    Decimal,
    String,
    Token,
    ByteSequence,
    Boolean,
    Date,
    DisplayString,
}
