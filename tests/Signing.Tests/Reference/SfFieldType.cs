namespace Signing.Tests.Reference;

/// <summary>RFC 9651 §4.2. What a structured field is as a whole.</summary>
public enum SfFieldType
{
    List,
    Dictionary,
    Item,
}
