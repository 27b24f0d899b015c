using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>RFC 9421 §3.2.1 and §4.3. Judges the signatures that an endpoint requires of several parties, once for each request; both doors stand before this.</summary>
/// <remarks>
/// <code>
/// all   1 prove each party's in the order listed, up to but not with its claim ─ 2 keys differ, a chain holds ┃ 3 claim, the last party's first ─ 4 users
/// any   each party's by itself, until one is accepted
/// </code>
/// Nothing is used up before all are proved, so a request that lacks one can be mended by adding it. A claim cannot be taken
/// back: the last party's comes first, since it stands nearest, and signs again what it hands on again.
/// </remarks>
internal static class SeveralSignatures
{
    // What is our fault tells more than what is the caller's, and that more than that nothing is there.
    private const int Missing = 1;
    private const int Refused = 2;
    private const int Unavailable = 3;

    public static async ValueTask<SignatureParties> VerifyAsync(HttpContext context, RequestVerifiers verifiers, SignaturesRequirement requirement)
    {
        if (SignatureParties.Find(context, requirement) is { } known)
        {
            return known;
        }

        SignatureParties parties = requirement.Mode == SignaturesMode.Any
            ? await VerifyAnyAsync(context, verifiers, requirement).ConfigureAwait(false)
            : await VerifyAllAsync(context, verifiers, requirement).ConfigureAwait(false);
        context.Features.Set(parties);
        return parties;
    }

    private static async ValueTask<SignatureParties> VerifyAnyAsync(HttpContext context, RequestVerifiers verifiers, SignaturesRequirement requirement)
    {
        SignatureParties? told = null;
        int weight = 0;
        foreach (string scheme in requirement.Schemes)
        {
            RequestVerifier verifier = verifiers.Get(scheme);
            SignatureFeature feature = await verifier.VerifyRoutedAsync(context).ConfigureAwait(false);
            if (feature.IsVerified)
            {
                return new SignatureParties(requirement, verifier, feature);
            }

            int own = feature.Status == SignatureStatus.MissingSignature ? Missing
                : feature.Outcome.HttpStatus == StatusCodes.Status401Unauthorized && feature.TransportStatus == 0 ? Refused
                : Unavailable;
            if (own > weight)
            {
                weight = own;
                told = new SignatureParties(requirement, verifier, feature);
            }
        }

        return told!;
    }

    private static async ValueTask<SignatureParties> VerifyAllAsync(HttpContext context, RequestVerifiers verifiers, SignaturesRequirement requirement)
    {
        var proofs = new List<PartyProof>(requirement.Schemes.Count);
        PartyProof? refused = null;
        for (int i = 0; i < requirement.Schemes.Count && refused is null; i++)
        {
            // 1 and 2
            PartyProof proof = await verifiers.Get(requirement.Schemes[i]).ProveAsync(context, isFirst: i == 0).ConfigureAwait(false);
            refused = proof.Key is not null && StandsBeside(proof, proofs, requirement.Mode) ? null : proof;
            proofs.Add(proof);
        }

        // 3
        for (int i = proofs.Count - 1; i >= 0 && refused is null; i--)
        {
            await proofs[i].ClaimAsync(context).ConfigureAwait(false);
            refused = proofs[i].Feature.IsVerified ? null : proofs[i];
        }

        if (refused is not null)
        {
            // What was found about the others accepts nothing by itself.
            foreach (PartyProof other in proofs.Where(proof => proof.Feature.IsVerified))
            {
                other.Refuse(SignatureStatus.NotVerified);
            }

            refused.Verifier.Report(refused.Feature, isPart: requirement.Schemes.Any(scheme => verifiers.Get(scheme).HasSignature(context)));
            return new SignatureParties(requirement, refused.Verifier, refused.Feature);
        }

        // 4
        try
        {
            foreach (PartyProof proof in proofs)
            {
                await proof.AdmitAsync(context).ConfigureAwait(false);
                proof.Verifier.Report(proof.Feature);
            }
        }
        catch
        {
            // Nor do they let in anybody on the page of the error, where one of them may be asked for by itself.
            proofs.ForEach(static proof => proof.Interrupt());
            throw;
        }

        return new SignatureParties(requirement, proofs[0].Verifier, proofs[0].Feature);
    }

    private static bool StandsBeside(PartyProof proof, List<PartyProof> others, SignaturesMode mode)
    {
        foreach (PartyProof other in others)
        {
            // One key is one party, under however many names.
            if (proof.IsBySameKeyAs(other))
            {
                proof.Refuse(SignatureStatus.InvalidCredential);
                return false;
            }

            if (mode == SignaturesMode.Chain && !proof.Covers(other))
            {
                proof.Refuse(SignatureStatus.InsufficientCoverage);
                return false;
            }
        }

        return true;
    }
}
