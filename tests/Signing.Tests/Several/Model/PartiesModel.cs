namespace Signing.Tests.Several.Model;

/// <summary>What an endpoint that requires several signatures has to answer, written down from the documents.</summary>
internal sealed class PartiesModel
{
    private const int MaxAge = 300;
    private const int FutureSkew = 5;

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Gets the Keys that each party's source knows, with their Secrets.</summary>
    public Dictionary<string, Dictionary<string, string>> Known { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the Keys that are suspended, with their party.</summary>
    public HashSet<(string Party, string Key)> Suspended { get; } = [];

    /// <summary>Judges a request and remembers what it has used up.</summary>
    /// <param name="mode"><c>all</c>, <c>chain</c> or <c>any</c>.</param>
    /// <param name="parties">The tags of the schemes, the user's first.</param>
    /// <param name="signatures">What the request carries, in the order of its fields.</param>
    /// <param name="isAltered">Whether its content is another than was signed.</param>
    /// <param name="now">The server's clock, in seconds.</param>
    public PartiesVerdict Judge(string mode, IReadOnlyList<string> parties, IReadOnlyList<PartySignature> signatures, bool isAltered, long now)
    {
        (PartySignature? Proved, HashSet<string> Codes)[] proofs = [.. parties.Select(party => Prove(party, signatures, isAltered, now))];
        return mode == "any" ? JudgeAny(proofs) : JudgeAll(mode == "chain", proofs);
    }

    private PartiesVerdict JudgeAny((PartySignature? Proved, HashSet<string> Codes)[] proofs)
    {
        var codes = new HashSet<string>(StringComparer.Ordinal);
        foreach ((PartySignature? proved, HashSet<string> refusals) in proofs)
        {
            if (proved is not null && _used.Add(proved.Mac))
            {
                return new PartiesVerdict(proved.Key, [], [proved]);
            }

            // The most telling refusal is answered, and of equals the first one's.
            HashSet<string> own = proved is null ? refusals : ["replayed"];
            codes = codes.Count == 0 || (codes.SetEquals(["missing_signature"]) && !own.SetEquals(codes)) ? own : codes;
        }

        return new PartiesVerdict(null, codes, []);
    }

    private PartiesVerdict JudgeAll(bool isChain, (PartySignature? Proved, HashSet<string> Codes)[] proofs)
    {
        var before = new List<PartySignature>();
        foreach ((PartySignature? proved, HashSet<string> refusals) in proofs)
        {
            if (proved is null)
            {
                return new PartiesVerdict(null, refusals, []);
            }

            bool isOneKey = before.Exists(other => other.Key == proved.Key || other.Secret == proved.Secret);
            bool isLoose = isChain && before.Exists(other => !proved.Covered.ContainsKey(other.Label));
            if (isOneKey || isLoose)
            {
                HashSet<string> codes = isOneKey && isLoose ? ["invalid_credential", "insufficient_coverage"] : [isOneKey ? "invalid_credential" : "insufficient_coverage"];
                return new PartiesVerdict(null, codes, []);
            }

            before.Add(proved);
        }

        for (int i = before.Count - 1; i >= 0; i--)
        {
            if (!_used.Add(before[i].Mac))
            {
                return new PartiesVerdict(null, ["replayed"], []);
            }
        }

        return new PartiesVerdict(before[0].Key, [], before);
    }

    // Two keys at most are looked up; the first signature that verifies is the party's, be its credential suspended.
    private (PartySignature? Proved, HashSet<string> Codes) Prove(string party, IReadOnlyList<PartySignature> signatures, bool isAltered, long now)
    {
        PartySignature[] own = [.. signatures.Where(signature => signature.Party == party)];
        PartySignature[] inTime = [.. own.Where(signature => signature.Created <= now + FutureSkew && now - signature.Created <= MaxAge)];
        if (own.Length == 0 || inTime.Length == 0)
        {
            return (null, own.Length == 0 ? ["missing_signature"] : [.. own.Select(signature => signature.Created > now + FutureSkew ? "created_in_future" : "too_old")]);
        }

        // What is told is told of the first, whether there is such a key or not.
        string? code = null;
        foreach (PartySignature signature in inTime.Take(2))
        {
            PartySignature?[] covered = [.. signature.Covered.Keys.Select(label => signatures.FirstOrDefault(other => other.Label == label))];
            string? secret = Known[party].GetValueOrDefault(signature.Key);
            if (covered.Contains(null))
            {
                code ??= "missing_component";
            }
            else if (secret != signature.Secret || signature.IsBroken || covered.Any(other => other!.Mac != signature.Covered[other.Label]))
            {
                code ??= "invalid_credential";
            }
            else
            {
                return Suspended.Contains((party, signature.Key)) ? (null, ["suspended"])
                    : isAltered ? (null, ["digest_mismatch"])
                    : (signature, []);
            }
        }

        return (null, [code!]);
    }
}
