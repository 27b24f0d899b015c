namespace Signing;

/// <summary>RFC 9421 §2.2.7 and §2.2.8. Says why a query, or one parameter of it, differs.</summary>
internal static class QueryComparison
{
    public static IEnumerable<Finding> Compare(string signed, string seen)
    {
        // RFC 9421 §2.2.7: the question mark belongs to it, also where there is no query.
        if (!signed.StartsWith('?') && "?" + signed == seen)
        {
            return [new(MismatchCause.NotNormalized, "RFC 9421 section 2.2.7 signs the query with its question mark, and a lone one where there is no query")];
        }

        if (seen is "?" or "")
        {
            return [new(MismatchCause.QueryDropped, "the whole query is gone, usually in a rewriting rule of a proxy (nginx: write $is_args$args behind a rewritten path) or because the signer signs a query that is not sent; pass it on as it came")];
        }

        if (signed is "?" or "")
        {
            return [new(MismatchCause.QueryAdded, "there is a query that was not signed, usually added by a proxy or by a handler behind the signer; sign what is sent, last of all handlers")];
        }

        return ComparePairs(Pairs(signed), Pairs(seen));
    }

    public static Finding CompareParameter(string signed, string seen) => PercentText.Decode(signed) == PercentText.Decode(seen)
        ? new(MismatchCause.QueryReencoded, "the value is the same in another percent-encoding; RFC 9421 section 2.2.8 says which characters are left as they are")
        : new(MismatchCause.QueryChanged, "the parameter has another value; check who rewrites the query on the way");

    private static string[] Pairs(string query) => query.TrimStart('?').Split('&');

    private static List<Finding> ComparePairs(string[] signed, string[] seen)
    {
        var found = new List<Finding>();
        var plain = Array.ConvertAll(signed, Decoded);
        var plainSeen = Array.ConvertAll(seen, Decoded);
        var isSameText = SameSet(signed, seen);
        var isSameByPercent = plain.Length == plainSeen.Length && signed.Select(pair => PercentText.Decode(pair)).SequenceEqual(seen.Select(pair => PercentText.Decode(pair)), StringComparer.Ordinal);
        if (isSameText || isSameByPercent || SameSet(plain, plainSeen))
        {
            if (!isSameText)
            {
                found.Add(new(MismatchCause.QueryReencoded, "it means the same in another percent-encoding (such as + for %20), usually because a client library or a proxy parses the query and writes it anew; sign the query exactly as it is sent"));
            }

            if (!isSameByPercent && !plain.AsSpan().SequenceEqual(plainSeen))
            {
                found.Add(new(MismatchCause.QueryReordered, "the same parameters stand in another order, usually because a proxy or client library sorts them; the query is signed as it is sent"));
            }

            return found;
        }

        var gone = NamesOf(Without(plain, plainSeen));
        var added = NamesOf(Without(plainSeen, plain));
        var changed = gone.Intersect(added, StringComparer.Ordinal).ToList();
        AddIf(changed, MismatchCause.QueryChanged, "another value of {0} arrives; check who rewrites the query on the way");
        AddIf(gone.Except(changed, StringComparer.Ordinal).ToList(), MismatchCause.QueryDropped, "{0} is gone from it, usually because a proxy or cache drops parameters; pass the query on as it came");
        AddIf(added.Except(changed, StringComparer.Ordinal).ToList(), MismatchCause.QueryAdded, "{0} was not signed, usually added by a proxy or by a handler behind the signer; sign what is sent, last of all handlers");
        return found;

        void AddIf(List<string> names, MismatchCause cause, string why)
        {
            if (names.Count > 0)
            {
                found.Add(new(cause, why.Replace("{0}", ShownValue.Of(string.Join(", ", names), null), StringComparison.Ordinal)));
            }
        }
    }

    private static string Decoded(string pair) => PercentText.Decode(pair, plusIsSpace: true);

    private static bool SameSet(string[] one, string[] other) =>
        one.Length == other.Length && one.Order(StringComparer.Ordinal).SequenceEqual(other.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    // What the one has more of than the other, duplicates counted.
    private static List<string> Without(string[] pairs, string[] others)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var other in others)
        {
            counts[other] = counts.GetValueOrDefault(other) + 1;
        }

        var left = new List<string>();
        foreach (var pair in pairs)
        {
            var count = counts.GetValueOrDefault(pair);
            counts[pair] = count - 1;
            if (count <= 0)
            {
                left.Add(pair);
            }
        }

        return left;
    }

    private static List<string> NamesOf(List<string> pairs) => [.. pairs.Select(pair => pair.Split('=')[0]).Distinct(StringComparer.Ordinal)];
}
