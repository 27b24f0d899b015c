namespace Signing;

/// <summary>RFC 9651 §3. Names the three top-level types of a structured field.</summary>
public enum FieldType
{
    /// <summary>The field is not known to be a structured field.</summary>
    Unknown = 0,

    /// <summary>A List, §3.1.</summary>
    List,

    /// <summary>A Dictionary, §3.2.</summary>
    Dictionary,

    /// <summary>An Item, §3.3.</summary>
    Item,
}
