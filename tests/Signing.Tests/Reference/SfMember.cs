namespace Signing.Tests.Reference;

/// <summary>RFC 9651 §3.1 and §3.2. What a list or dictionary holds: an item or an inner list.</summary>
public abstract record SfMember(IReadOnlyList<SfParameter> Parameters)
{
    // The keys that stood there twice; the last one is kept, at the first one's place.
    public IReadOnlyList<string> DuplicateParameters { get; init; } = [];

    public bool HasDuplicateParameters => DuplicateParameters.Count > 0;

    // The same for this member and the items in it.
    public bool HasDuplicateParametersAnywhere =>
        HasDuplicateParameters || (this is SfInnerList list && list.Items.Any(item => item.HasDuplicateParameters));
}
