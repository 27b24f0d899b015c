using System.Text;
using System.Text.RegularExpressions;

namespace Signing.Tests.Reference;

/// <summary>RFC 9421 §2.1. The values of the field components of a request.</summary>
public static partial class ReferenceFieldComponent
{
    // What can be told from the identifier alone.
    public static void Check(ReferenceComponent component)
    {
        if (component.Name.Length == 0 || !component.Name.All(IsLowerCaseNameCharacter))
        {
            throw new RefusalException(SignatureStatus.UnsupportedComponent, "not a field name in lower case");
        }

        // §2.1: sf and bs are flags, key is a String. §2.4: "req MUST NOT be used … that targets a request". tr: not offered.
        if (component.Parameters.Any(p => !(p.Key is "sf" or "bs" && p.Value.IsTrue) && p is not { Key: "key", Value.Kind: SfKind.String }))
        {
            throw new RefusalException(SignatureStatus.UnsupportedComponent, "a parameter is unknown, of the wrong type or does not apply");
        }

        var key = component.Parameter("key");
        var sf = component.Parameter("sf");
        if (component.Parameter("bs") is not null && (sf is not null || key is not null))
        {
            throw new RefusalException(SignatureStatus.UnsupportedComponent, "bs contradicts sf and key");
        }

    }

    public static string Value(ReferenceRequest request, ReferenceComponent component, IReadOnlyDictionary<string, SfFieldType> types)
    {
        Check(component);
        CheckType(component, types);
        var lines = request.Lines(component.Name).Select(Canonical).ToList();
        if (lines.Count == 0)
        {
            throw new RefusalException(SignatureStatus.MissingComponent, "the field is absent");
        }

        // §2.1.3. HTTP/1.1 carries octets; Latin-1 is what a char of a header line stands for. Bytes that came in as another
        // encoding cannot be told from it, so non-ASCII is refused here as everywhere.
        if (component.Parameter("bs") is not null)
        {
            return SfSerializer.List(lines.Select(line => new SfItem(SfBareItem.Bytes(Encoding.ASCII.GetBytes(line)), [])));
        }

        var combined = string.Join(", ", lines);
        if (component.Parameter("key") is { } key)
        {
            var entries = Parse(combined, SfFieldType.Dictionary).Dictionary!;
            var entry = entries.FirstOrDefault(entry => entry.Key == (string)key.Value)
                ?? throw new RefusalException(SignatureStatus.MissingComponent, "the dictionary has no such key");
            return entry.Member.HasDuplicateParametersAnywhere
                ? throw new RefusalException(SignatureStatus.MissingComponent, "a parameter stands there twice")
                : SfSerializer.Member(entry.Member);
        }

        if (component.Parameter("sf") is null)
        {
            return combined;
        }

        var field = Parse(combined, types[component.Name]);
        return field.Members.Any(member => member.HasDuplicateParametersAnywhere)
            ? throw new RefusalException(SignatureStatus.MissingComponent, "a parameter stands there twice")
            : field.Serialize();
    }

    // §2.1.1 and §2.1.2: "If the application does not know the type of the field …, the use of this flag will produce an error".
    private static void CheckType(ReferenceComponent component, IReadOnlyDictionary<string, SfFieldType> types)
    {
        var isKey = component.Parameter("key") is not null;
        if ((isKey || component.Parameter("sf") is not null) && !types.ContainsKey(component.Name))
        {
            throw new RefusalException(SignatureStatus.UnsupportedComponent, "the type of the field is not known");
        }

        if (isKey && types[component.Name] != SfFieldType.Dictionary)
        {
            throw new RefusalException(SignatureStatus.UnsupportedComponent, "the field is not a dictionary");
        }
    }

    // §2.1: strip, unfold, and (§2.5, ABNF) neither controls nor obs-text. A tab inside a value is field-content.
    private static string Canonical(string line)
    {
        var value = ObsoleteFold().Replace(line.Trim(' ', '\t'), " ");
        return value.All(c => c is '\t' or (>= ' ' and <= '~'))
            ? value
            : throw new RefusalException(SignatureStatus.MissingComponent, "a control or a non-ASCII character");
    }

    private static SfField Parse(string combined, SfFieldType type)
    {
        var field = SfParser.TryParse(combined, type)
            ?? throw new RefusalException(SignatureStatus.MissingComponent, "the value is malformed");
        return field.HasDuplicateKeys
            ? throw new RefusalException(SignatureStatus.MissingComponent, "the value has a key twice")
            : field;
    }

    // RFC 9110 §5.6.2, in lower case.
    private static bool IsLowerCaseNameCharacter(char c) =>
        c is (>= 'a' and <= 'z') or (>= '0' and <= '9') || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);

    // RFC 9112 §5.2: obs-fold = OWS CRLF RWS. §2.2: a single LF may stand for CRLF.
    [GeneratedRegex("[ \t]*\r?\n[ \t]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ObsoleteFold();
}
