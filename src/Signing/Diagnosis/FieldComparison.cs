using System.Globalization;
using System.Text;

namespace Signing;

/// <summary>RFC 9421 §2.1. Says why the value of a header field differs.</summary>
internal static class FieldComparison
{
    private static readonly HashSet<string> PerHop = new(
        ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "accept-encoding", "via", "forwarded"],
        StringComparer.Ordinal);

    // Those that .NET parses into values, and so writes anew, once somebody enumerates the headers; it leaves all others as they are.
    private static readonly HashSet<string> ParsedByDotNet = new(
        [
            "accept", "accept-charset", "accept-encoding", "accept-language", "allow", "cache-control", "connection", "content-disposition", "content-encoding",
            "content-language", "content-type", "date", "expect", "expires", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since",
            "last-modified", "pragma", "range", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "via", "warning",
        ],
        StringComparer.Ordinal);

    public static Finding Compare(string name, string signed, string seen)
    {
        if (Spaced(signed, comma: ",", semicolon: ";") == Spaced(seen, comma: ",", semicolon: ";"))
        {
            return CompareSpacing(name, signed, seen);
        }

        if (name is "content-digest" or "repr-digest")
        {
            return CompareDigests(signed, seen);
        }

        if (name is "content-encoding")
        {
            return new(MismatchCause.ContentCompressed, "usually a proxy or a handler behind the signer compresses or unpacks the content; sign behind it, and switch compression of requests off in the proxy");
        }

        if (SameLines(name, signed, seen))
        {
            return new(MismatchCause.FieldLinesJoined, "the same lines arrive joined in another way, in another order or not all of them, usually by a proxy or HTTP/2 gateway; send the field as one line");
        }

        return CompareValues(name, signed, seen);
    }

    private static Finding CompareSpacing(string name, string signed, string seen)
    {
        if (ParsedByDotNet.Contains(name) && Spaced(signed, comma: ", ", semicolon: "; ") == seen)
        {
            return new(MismatchCause.FieldRewrittenByClient, "only spaces differ, usually because a handler behind the signer reads request.Headers, whereupon .NET writes the field anew; sign last, or read Headers.NonValidated");
        }

        // RFC 9421 §2.1 step 4: lines are joined by a comma and a space.
        return new(MismatchCause.FieldLinesJoined, "only spaces differ, usually because a proxy or the signer joins the lines of the field otherwise than by a comma and a space; send the field as one line");
    }

    private static Finding CompareDigests(string signed, string seen)
    {
        var algorithms = AlgorithmsOf(signed);
        var others = AlgorithmsOf(seen);
        return algorithms.Intersect(others, StringComparer.Ordinal).Any()
            ? new(MismatchCause.ContentChanged, "the digests are of two different contents, usually because a handler behind the signer or a gateway writes or compresses the content anew and digests it again; compute the digest over the bytes as sent, and let nobody else write the field")
            : new(MismatchCause.DigestOfAnotherAlgorithm, $"the one is {string.Join(", ", algorithms)}, the other {string.Join(", ", others)}, so that somebody on the way writes a digest of another algorithm; let only the signer write the field");
    }

    private static Finding CompareValues(string name, string signed, string seen)
    {
        if (IsDate(signed, out var date) && IsDate(seen, out var other) && date == other)
        {
            return new(MismatchCause.FieldRewrittenByClient, "it is the same time in another form, usually because a handler behind the signer reads request.Headers, whereupon .NET writes the field anew; sign last, or read Headers.NonValidated");
        }

        if (PerHop.Contains(name))
        {
            return new(MismatchCause.FieldChanged, "proxies write this field for each hop, so it cannot be covered; take it out of the covered components");
        }

        if (signed.Equals(seen, StringComparison.OrdinalIgnoreCase))
        {
            return new(MismatchCause.FieldChanged, "only the case differs, usually because a proxy or framework normalises the value; send it as it arrives");
        }

        return name == "content-type" && seen.StartsWith(signed, StringComparison.OrdinalIgnoreCase)
            ? new(MismatchCause.FieldChanged, "a parameter was added, usually by an HTTP library after signing; set the whole content type before you sign")
            : new(MismatchCause.FieldChanged, "usually a proxy or a handler behind the signer writes the field; have it leave the field alone, or do not cover it");
    }

    private static bool IsDate(string text, out DateTimeOffset date) => DateTimeOffset.TryParseExact(
        text.Replace("+0000", "GMT", StringComparison.Ordinal).Replace("UTC", "GMT", StringComparison.Ordinal), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);

    // The members are the same, or some of them; RFC 9113 §8.2.3 joins cookies by a semicolon.
    private static bool SameLines(string name, string signed, string seen)
    {
        char[] separators = name == "cookie" ? [',', ';'] : [','];
        var members = MembersOf(signed, separators);
        var others = MembersOf(seen, separators);
        if (others.Length == 0 || members.Length < 2 || others.Length > members.Length)
        {
            return false;
        }

        return others.Length < members.Length
            ? others.ToHashSet(StringComparer.Ordinal).IsSubsetOf(members)
            : members.Order(StringComparer.Ordinal).SequenceEqual(others.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static string[] MembersOf(string value, char[] separators) =>
        value.Split(separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static List<string> AlgorithmsOf(string value) =>
        [.. value.Split(',', StringSplitOptions.TrimEntries).Select(member => ShownValue.Of(member.Split('=')[0], null))];

    // Outside of quotes, commas and semicolons as told, and no space before them.
    private static string Spaced(string value, string comma, string semicolon)
    {
        var text = new StringBuilder(value.Length);
        var quoted = false;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            quoted ^= c == '"' && (i == 0 || value[i - 1] != '\\');
            if (quoted || c is not (',' or ';'))
            {
                text.Append(c);
                continue;
            }

            while (text.Length > 0 && text[^1] is ' ' or '\t')
            {
                text.Length--;
            }

            text.Append(c == ',' ? comma : semicolon);
            while (i + 1 < value.Length && value[i + 1] is ' ' or '\t')
            {
                i++;
            }
        }

        return text.ToString();
    }
}
