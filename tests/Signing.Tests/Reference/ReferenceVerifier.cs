using System.Text;

namespace Signing.Tests.Reference;

/// <summary>RFC 9421 §3.2. The whole verification: fields, policy, key, signature base, MAC, and the digest of the content.</summary>
public static class ReferenceVerifier
{
    public static SignatureStatus Verify(ReferenceRequest request, ReferenceContext context)
    {
        try
        {
            var verified = VerifySignature(request, context);
            return VerifyContent(request, verified);
        }
        catch (RefusalException refusal)
        {
            return refusal.Status;
        }
    }

    // The signature that verified; the first refusal when none did.
    public static ReferenceSignature VerifySignature(ReferenceRequest request, ReferenceContext context)
    {
        var signatures = ReferenceSignatureFields.ReadInput(request);
        var candidates = Passing(signatures, signature => ReferencePolicy.Check(request, signature, context));
        var macs = ReferenceSignatureFields.ReadMacs(request, signatures.Select(signature => signature.Label));
        var signed = Passing(candidates, candidate => CheckMacShape(macs[candidate.Label])).Take(SignatureLimits.MaxCandidates).ToList();
        return Passing(signed, candidate => VerifyMac(request, candidate, macs[candidate.Label]!, context))[0];
    }

    // Those that pass; if none does, the first refusal that is not just about somebody else's signature.
    private static List<ReferenceSignature> Passing(IReadOnlyList<ReferenceSignature> signatures, Action<ReferenceSignature> check)
    {
        var refusals = new List<RefusalException>();
        var passed = new List<ReferenceSignature>();
        foreach (var signature in signatures)
        {
            try
            {
                check(signature);
                passed.Add(signature);
            }
            catch (RefusalException refusal)
            {
                refusals.Add(refusal);
            }
        }

        return passed.Count > 0
            ? passed
            : throw refusals.Find(refusal => refusal.Status != SignatureStatus.MissingSignature) ?? refusals[0];
    }

    private static void CheckMacShape(byte[]? mac)
    {
        if (mac is null)
        {
            throw new RefusalException(SignatureStatus.MalformedSignature, "not 32 bytes");
        }
    }

    private static void VerifyMac(ReferenceRequest request, ReferenceSignature signature, byte[] mac, ReferenceContext context)
    {
        var keyId = (string)signature.Parameter("keyid")!.Value;
        var keys = context.Keys.Where(key => key.KeyId == keyId).ToList();
        if (keys.Count == 0)
        {
            throw new RefusalException(SignatureStatus.InvalidCredential, "unknown key");
        }

        var signatureBase = Encoding.ASCII.GetBytes(ReferenceBase.Build(request, signature, context.FieldTypes));
        if (!keys.Any(key => ReferenceHmac.Compute(key.Secret, signatureBase).SequenceEqual(mac)))
        {
            throw new RefusalException(SignatureStatus.InvalidCredential, "wrong MAC");
        }
    }

    // RFC 9421 §7.2.8: the digest of the received content is checked against the covered field.
    private static SignatureStatus VerifyContent(ReferenceRequest request, ReferenceSignature verified)
    {
        if (verified.Covers("content-digest"))
        {
            return ReferenceDigest.Verify(request.Lines("content-digest"), request.Body);
        }

        return request.Body.Length == 0 ? SignatureStatus.Verified : SignatureStatus.MissingDigest;
    }
}
