using System.Numerics;

namespace Signing;

/// <summary>RFC 9421 §2.2.6. Says why a path differs: by the fewest alterations that lead from the one to the other.</summary>
internal static class PathComparison
{
    // What is longer is compared as a whole: no path of a request that a server takes.
    private const int MaxLength = 16384;

    public static IEnumerable<Finding> Compare(string signed, string seen)
    {
        // RFC 9421 §2.2.6: an empty path is a slash.
        if (signed.Length == 0 && seen == "/")
        {
            return [new(MismatchCause.NotNormalized, "RFC 9421 section 2.2.6 signs an empty path as a slash")];
        }

        if (signed.Length > MaxLength || seen.Length > MaxLength)
        {
            return [Rewritten(signed, seen)];
        }

        var alterations = Fewest(signed, seen, out var prefix);
        return alterations == PathAlterations.None ? [Rewritten(signed, seen)] : Findings(alterations, prefix);
    }

    private static PathAlterations Fewest(string signed, string seen, out string prefix)
    {
        prefix = "";
        for (var count = 1; count <= BitOperations.PopCount((uint)PathAlterations.All); count++)
        {
            for (var set = 1; set <= (int)PathAlterations.All; set++)
            {
                if (BitOperations.PopCount((uint)set) == count && Explain(signed, seen, (PathAlterations)set, out prefix))
                {
                    return (PathAlterations)set;
                }
            }
        }

        return PathAlterations.None;
    }

    private static bool Explain(string signed, string seen, PathAlterations set, out string prefix)
    {
        prefix = "";
        const PathAlterations Encoding = PathAlterations.Decode | PathAlterations.Reencode;
        const PathAlterations Prefix = PathAlterations.StripPrefix | PathAlterations.AddPrefix;
        if ((set & Encoding) == Encoding || (set & Prefix) == Prefix)
        {
            return false;
        }

        signed = (set & PathAlterations.RemoveDotSegments) != 0 ? PercentText.RemoveDotSegments(signed) : signed;
        signed = (set & PathAlterations.MergeSlashes) != 0 ? PercentText.MergeSlashes(signed) : signed;
        if ((set & PathAlterations.Reencode) != 0)
        {
            // A second encoding leaves the escapes of the first in place.
            seen = PercentText.Decode(seen);
            return Lead(signed, seen, set, out prefix) || Lead(PercentText.Decode(signed), seen, set, out prefix);
        }

        return Lead((set & PathAlterations.Decode) != 0 ? PercentText.Decode(signed) : signed, seen, set, out prefix);
    }

    private static bool Lead(string signed, string seen, PathAlterations set, out string prefix)
    {
        prefix = "";
        return (set & (PathAlterations.StripPrefix | PathAlterations.AddPrefix)) switch
        {
            PathAlterations.StripPrefix => TryFindPrefix(signed, seen, out prefix),
            PathAlterations.AddPrefix => TryFindPrefix(seen, signed, out prefix),
            _ => signed == seen,
        };
    }

    private static bool TryFindPrefix(string whole, string rest, out string prefix)
    {
        // A prefix that is the whole path leaves a slash.
        var isRoot = rest == "/" && whole.LastIndexOf('/') == 0 && whole.Length > 1;
        prefix = isRoot ? whole : whole.Length > rest.Length ? whole[..^rest.Length] : "";
        return isRoot || (prefix.Length > 1 && rest.StartsWith('/') && whole.EndsWith(rest, StringComparison.Ordinal) && PercentText.RemoveDotSegments(prefix) == prefix);
    }

    private static List<Finding> Findings(PathAlterations set, string prefix)
    {
        var found = new List<Finding>();
        AddIf(PathAlterations.StripPrefix, MismatchCause.PathPrefixStripped, $"usually a proxy takes the prefix {ShownValue.Of(prefix, null)} off before it passes the request on; set PublicOrigin to the address that callers use, this prefix included");
        AddIf(PathAlterations.AddPrefix, MismatchCause.PathPrefixAdded, $"the verifier sees {ShownValue.Of(prefix, null)} before it, so usually a proxy adds a prefix; take it out of the proxy, or set PublicOrigin to the address that callers use");
        AddIf(PathAlterations.RemoveDotSegments, MismatchCause.DotSegmentsRemoved, "the segments . and .. are resolved, usually by a proxy or an HTTP client; call and sign the path without them");
        AddIf(PathAlterations.Decode, MismatchCause.PathDecoded, "it is percent-decoded, usually by a proxy (nginx: proxy_pass with a path behind the host) or by a verifier that reads the framework's decoded path; pass on and verify the target as it came");
        AddIf(PathAlterations.Reencode, MismatchCause.PathReencoded, "it means the same in another percent-encoding, usually because a proxy or an HTTP client decodes and encodes it again; sign the path exactly as it is sent, and have the proxy pass it on as it came");
        AddIf(PathAlterations.MergeSlashes, MismatchCause.SlashesMerged, "double slashes became one, usually in a proxy (nginx: merge_slashes off keeps them); call and sign the path without them");
        return found;

        void AddIf(PathAlterations alteration, MismatchCause cause, string why)
        {
            if ((set & alteration) != 0)
            {
                found.Add(new(cause, why));
            }
        }
    }

    private static Finding Rewritten(string signed, string seen)
    {
        if (signed.TrimEnd('/') == seen.TrimEnd('/'))
        {
            return new(MismatchCause.PathRewritten, "only the slash at the end differs, usually after a redirect or in a rewriting proxy; call the address with the slash that the server expects");
        }

        return signed.Equals(seen, StringComparison.OrdinalIgnoreCase)
            ? new(MismatchCause.PathRewritten, "only the case differs, usually after a rewriting rule of a proxy; paths are signed as they are sent")
            : new(MismatchCause.PathRewritten, "usually a rewriting rule of a proxy or gateway maps the one to the other; pass the path on as it came, or sign the one that arrives");
    }
}
