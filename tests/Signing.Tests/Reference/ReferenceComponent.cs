namespace Signing.Tests.Reference;

/// <summary>RFC 9421 §2. A component identifier: a name and its parameters.</summary>
public sealed record ReferenceComponent(string Name, IReadOnlyList<SfParameter> Parameters)
{
    public bool IsDerived => Name.StartsWith('@');

    public string Serialize() => SfSerializer.Item(new SfItem(SfBareItem.Text(Name), Parameters));

    public SfBareItem? Parameter(string key) => Parameters.FirstOrDefault(parameter => parameter.Key == key)?.Value;

    // RFC 9421 §2: "the order of parameters is not significant when comparing two component identifiers".
    public bool IsSameAs(ReferenceComponent other) =>
        Name == other.Name
        && Parameters.Count == other.Parameters.Count
        && Parameters.Select(Text).ToHashSet(StringComparer.Ordinal).SetEquals(other.Parameters.Select(Text));

    // Reads a policy's way of naming a component: a plain name, or an identifier as it stands in a covered list.
    public static ReferenceComponent Parse(string text)
    {
        if (!text.StartsWith('"'))
        {
            return new ReferenceComponent(text, []);
        }

        var item = SfParser.Parse(text, SfFieldType.Item).Item!;
        return new ReferenceComponent((string)item.Value.Value, item.Parameters);
    }

    private static string Text(SfParameter parameter) => SfSerializer.Parameters([parameter]);
}
