using System.Globalization;

namespace Signing;

/// <summary>RFC 9421 §2.5. Takes the text of a signature base apart, whoever wrote it: its lines by their identifiers.</summary>
internal sealed class SignatureBaseText
{
    public const string Parameters = "\"@signature-params\"";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _components = [];

    private SignatureBaseText()
    {
    }

    /// <summary>Gets the identifiers in their order, the signature parameters aside.</summary>
    public IReadOnlyList<string> Components => _components;

    /// <summary>Gets the value of the last line.</summary>
    public string ParametersValue => _values[Parameters];

    public string? ValueOf(string component) => _values.GetValueOrDefault(component);

    /// <summary>Reads a base.</summary>
    /// <param name="text">The text; the line ends of a file that was edited, and one at its end, are forgiven.</param>
    /// <param name="side">Whose base it is, for the message.</param>
    /// <exception cref="FormatException">The text is no signature base.</exception>
    public static SignatureBaseText Read(string text, string side)
    {
        var read = new SignatureBaseText();
        var lines = text.TrimEnd('\r', '\n').Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].EndsWith('\r') ? lines[i][..^1] : lines[i];
            var end = IdentifierEnd(line);
            if (end == 0 || HasControl(line))
            {
                throw Malformed(side, i, "is not a component identifier in quotes, a colon, a space and a value");
            }

            var component = line[..end];
            var value = line.Length > end + 2 ? line[(end + 2)..] : "";
            if (!read._values.TryAdd(component, value))
            {
                throw Malformed(side, i, $"has {component} for a second time");
            }

            // RFC 9421 §2.5: the signature parameters are the last line.
            if ((component == Parameters) != (i == lines.Length - 1))
            {
                throw Malformed(side, i, i == lines.Length - 1 ? "is the last one, and not \"@signature-params\"" : "is \"@signature-params\", and not the last one");
            }

            if (component != Parameters)
            {
                read._components.Add(component);
            }
        }

        return read;
    }

    // 0 if the line does not begin with an identifier, its parameters and a colon.
    private static int IdentifierEnd(string line)
    {
        var reader = new StructuredFieldReader(line);
        if (!line.StartsWith('"') || !reader.TryReadBareItem(out _))
        {
            return 0;
        }

        while (reader.TryReadParameter(out _, out _))
        {
        }

        var rest = line.AsSpan(reader.Position);
        return !reader.Failed && (rest.StartsWith(": ") || rest.SequenceEqual(":")) ? reader.Position : 0;
    }

    private static bool HasControl(string line)
    {
        foreach (var c in line)
        {
            if (char.IsControl(c) && c != '\t')
            {
                return true;
            }
        }

        return false;
    }

    private static FormatException Malformed(string side, int line, string what) => new(
        string.Create(CultureInfo.InvariantCulture, $"The {side} text is not a signature base (RFC 9421 section 2.5): line {line + 1} {what}."));
}
