using System.Text;

namespace Signing;

/// <summary>RFC 9421 §2. Holds a list of covered components that was taken apart once, to be recognised as a whole and written without parsing.</summary>
/// <remarks>Only components of a request without parameters: nearly all lists are, and they fit into a table of names.</remarks>
internal sealed class ComponentList
{
    private ComponentList(string text, Line[] lines, DerivedComponents derived, uint fields)
    {
        Text = text;
        Lines = lines;
        Derived = derived;
        Fields = fields;
        Last = Encoding.ASCII.GetBytes($"\n\"@signature-params\": {text}");
        BytesAround = lines.Sum(static line => line.Start.Length) + Last.Length - text.Length;
    }

    /// <summary>Gets the list as it stands in <c>Signature-Input</c>, parentheses included.</summary>
    public string Text { get; }

    public Line[] Lines { get; }

    public DerivedComponents Derived { get; }

    /// <summary>Gets the fields as bits of the rules the list was created with.</summary>
    public uint Fields { get; }

    /// <summary>Gets the beginning of the last line, up to the parameters.</summary>
    public byte[] Last { get; }

    /// <summary>Gets how many bytes a base has beside its values and the list with its parameters.</summary>
    public int BytesAround { get; }

    /// <summary>Takes a list apart.</summary>
    /// <param name="text">The list, parentheses included, in the strict form and without a duplicate.</param>
    /// <param name="rules">Numbers the fields; none for a signer.</param>
    /// <returns>The list; <see langword="null"/> if a component has parameters, or is not one.</returns>
    public static ComponentList? TryCreate(ReadOnlySpan<char> text, CoverageRules? rules)
    {
        var lines = new List<Line>();
        var derived = DerivedComponents.None;
        var fields = 0u;
        var reader = new StructuredFieldReader(text);
        for (var more = reader.TryReadInnerListStart(); more && reader.TryReadInnerItem(out var name);)
        {
            if (ComponentIdentifier.Read(ref reader, name, isResponse: false, out var identifier) != SignatureStatus.Verified || identifier.Flags != ComponentFlags.None)
            {
                return null;
            }

            derived |= identifier.Derived;
            fields |= identifier.IsPlainField && rules is not null ? rules.BitOf(identifier.Name) : 0;
            var before = lines.Count == 0 ? "" : "\n";
            lines.Add(new Line(Encoding.ASCII.GetBytes($"{before}{name.Raw}: "), identifier.Derived, identifier.Name.ToString()));
        }

        return lines.Count > 0 && reader.TryReadEnd() ? new ComponentList(text.ToString(), [.. lines], derived, fields) : null;
    }

    /// <summary>Holds a line of the base up to its value: the newline before it, the identifier, colon and space.</summary>
    public readonly record struct Line(byte[] Start, DerivedComponents Derived, string Name);
}
