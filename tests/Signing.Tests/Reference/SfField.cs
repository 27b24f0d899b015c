namespace Signing.Tests.Reference;

/// <summary>A parsed structured field; exactly one of the three values is set.</summary>
public sealed record SfField(
    IReadOnlyList<SfMember>? List,
    IReadOnlyList<SfEntry>? Dictionary,
    SfItem? Item,
    bool HasDuplicateKeys)
{
    public IEnumerable<SfMember> Members => List ?? Dictionary?.Select(entry => entry.Member) ?? [Item!];

    public string Serialize() =>
        List is not null ? SfSerializer.List(List)
        : Dictionary is not null ? SfSerializer.Dictionary(Dictionary)
        : SfSerializer.Item(Item!);
}
