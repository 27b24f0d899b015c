using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Signing;

/// <summary>RFC 9421 §2.5. Lists what signers that are written by hand sign in the place of the signature base that they mean; one that fits the MAC is proof.</summary>
internal static class BaseSlips
{
    // 720 and 120 orders.
    private const int MaxLines = 6;
    private const int MaxParameters = 5;

    // Seconds that pass between two looks at the clock.
    private const int MaxSeconds = 2;

    private const string Created = ";created=";

    /// <summary>Lists each text with what is wrong with it.</summary>
    /// <param name="seen">The base as a verifier makes it.</param>
    /// <param name="received">The list of components with its parameters, as received.</param>
    /// <param name="label">The label of the signature; <see langword="null"/> if it has none.</param>
    public static IEnumerable<(string Text, string Why)> Of(string seen, string received, string? label)
    {
        var whole = Lines(seen, received, label);
        return whole.SelectMany(slip => new[] { slip, (slip.Text + "\n", slip.Why) }).Prepend((seen + "\n", "the signer ends the signature base with a newline; RFC 9421 section 2.5 has none behind the last line"));
    }

    private static IEnumerable<(string Text, string Why)> Lines(string seen, string received, string? label)
    {
        var lines = seen.Split('\n')[..^1];
        var value = seen[(seen.LastIndexOf('\n') + 1 + SignatureBaseText.Parameters.Length + ": ".Length)..];
        (var list, var parameters) = Split(value);
        yield return (string.Join("\r\n", seen.Split('\n')), "the signer ends the lines of the signature base with CR LF; RFC 9421 section 2.5 has LF alone");
        yield return (With(received), "the signer signs the list as it sends it, with spaces that RFC 9651 does not write; RFC 9421 section 2.5 signs it in the strict form");
        yield return (string.Join('\n', lines), "the signer leaves it out; RFC 9421 section 2.5 signs it as the last line");
        yield return (With($"{label}={value}"), "the signer writes the label before the list; RFC 9421 section 2.5 signs the list and its parameters without it");
        yield return (With(list), "the signer signs the list without its parameters; RFC 9421 section 2.3 signs all of them");
        yield return (Join(lines, $"@signature-params: {value}"), "the signer writes its name without quotes; RFC 9421 section 2.5 has them");
        yield return (Join([.. lines.Select(Unquoted)], $"@signature-params: {value}"), "the signer writes the names of the components without quotes; RFC 9421 section 2.5 has them");
        yield return (Join([.. lines.Select(Unquoted)], $"{SignatureBaseText.Parameters}: {value}"), "the signer writes the names of the components without quotes; RFC 9421 section 2.5 has them");
        yield return (Join([.. lines.Select(Unspaced)], $"{SignatureBaseText.Parameters}:{value}"), "the signer writes no space behind the colons; RFC 9421 section 2.5 has one");
        yield return (Join([.. lines.Select(Capitalised)], $"{SignatureBaseText.Parameters}: {value}"), "the signer writes the names of header fields with capitals; RFC 9421 section 2.1 signs them in small letters");
        yield return (string.Join('\n', lines.Select(ValueOf)), "the signer signs the values alone; RFC 9421 section 2.5 puts the name of the component before each and ends with this line");
        yield return (Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(seen))).ToLowerInvariant(), "the signer signs the SHA-256 of the signature base; RFC 9421 section 3.3.3 has the MAC over the base itself");
        foreach (var order in Orders.Of(lines, MaxLines))
        {
            yield return (Join(order, $"{SignatureBaseText.Parameters}: {value}"), "the signer writes the lines in another order than it lists the components; RFC 9421 section 2.5 has them in the order of the list");
        }

        foreach (var order in Orders.Of(parameters, MaxParameters))
        {
            yield return (With(list + string.Concat(order)), "the signer signs the parameters in another order than it sends them; RFC 9421 section 2.5 has the order of Signature-Input");
        }

        foreach (var parameter in parameters)
        {
            var name = parameter.Split('=')[0][1..];
            yield return (With(list + string.Concat(parameters.Where(one => one != parameter))), $"the signer sends {ShownValue.Of(name, null)} and does not sign it; RFC 9421 section 2.3 signs every parameter");
        }

        foreach (var time in Times(parameters))
        {
            yield return (With(list + string.Concat(time)), "the signer takes the time twice, and signs another created than it sends; take it once");
        }

        string With(string text) => Join(lines, $"{SignatureBaseText.Parameters}: {text}");
    }

    private static string Join(string[] lines, string last) => string.Join('\n', lines.Append(last));

    private static IEnumerable<IEnumerable<string>> Times(string[] parameters)
    {
        var created = Array.Find(parameters, one => one.StartsWith(Created, StringComparison.Ordinal));
        return created is not null && long.TryParse(created.AsSpan(Created.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            ? Enumerable.Range(-MaxSeconds, (2 * MaxSeconds) + 1)
                .Select(offset => parameters.Select(one => one == created ? string.Create(CultureInfo.InvariantCulture, $"{Created}{seconds + offset}") : one))
            : [];
    }

    private static (string List, string[] Parameters) Split(string value)
    {
        var reader = new StructuredFieldReader(value);
        reader.TryReadInnerListStart();
        while (reader.TryReadInnerItem(out _))
        {
            StructuredFieldSkipper.SkipParameters(ref reader);
        }

        var parameters = new List<string>();
        var end = reader.Position;
        for (var start = end; reader.TryReadParameter(out _, out _); start = reader.Position)
        {
            parameters.Add(value[start..reader.Position]);
        }

        return (value[..end], [.. parameters]);
    }

    private static string Unquoted(string line)
    {
        var end = line.IndexOf('"', 1);
        return line[1..end] + line[(end + 1)..];
    }

    private static string Unspaced(string line)
    {
        var end = ValueAt(line);
        return line[..(end - 1)] + line[end..];
    }

    private static string Capitalised(string line)
    {
        var end = line.IndexOf('"', 1);
        return line.StartsWith("\"@", StringComparison.Ordinal) ? line : CultureInfo.InvariantCulture.TextInfo.ToTitleCase(line[..end]) + line[end..];
    }

    private static string ValueOf(string line) => line[ValueAt(line)..];

    private static int ValueAt(string line)
    {
        var reader = new StructuredFieldReader(line);
        reader.TryReadBareItem(out _);
        StructuredFieldSkipper.SkipParameters(ref reader);
        return reader.Position + ": ".Length;
    }
}
