using System.Text;
using Signing.Tests.Reference;

namespace Signing.Tests.Support;

/// <summary>Runs the core the way a server does, with the key look-up between its two steps.</summary>
internal static class CoreVerification
{
    public static SignatureStatus Verify(ReferenceRequest request, ReferenceContext context) =>
        Verify(new MessageVerifier(context.Policy, new ManualTimeProvider(context.Now)), request, context);

    public static SignatureStatus Verify(MessageVerifier verifier, ReferenceRequest request, ReferenceContext context)
    {
        var message = new ReferenceMessage(request);
        if (!verifier.TryRead(message, out var candidates, out var refusal))
        {
            return refusal;
        }

        var first = SignatureStatus.NotVerified;
        for (var i = 0; i < candidates.Count; i++)
        {
            var candidate = candidates[i];
            var status = VerifyMac(verifier, message, candidate, context.Keys);
            if (status == SignatureStatus.Verified)
            {
                return VerifyContent(message, candidate, request.Body);
            }

            first = i == 0 ? status : first;
        }

        return first;
    }

    // The base of the first signature, whatever a policy may think of it.
    public static (SignatureStatus Status, string? Base) BuildBase(ReferenceRequest request, VerificationPolicy policy)
    {
        var text = InputOf(request);
        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        var status = SignatureBase.Write(new ReferenceMessage(request), text, isCanonical: false, policy.FieldTypes, ref buffer);
        var written = status == SignatureStatus.Verified ? Encoding.ASCII.GetString(buffer.Written) : null;
        buffer.Dispose();
        return (status, written);
    }

    // The first member of Signature-Input without its label and without what follows it.
    private static ReadOnlySpan<char> InputOf(ReferenceRequest request)
    {
        ReadOnlySpan<char> text = SignatureInput.Trim(request.Lines("signature-input")[0]);
        var reader = new StructuredFieldReader(text);
        reader.TryReadKey(out _);
        var start = reader.Position;
        StructuredFieldSkipper.SkipValue(ref reader);
        return text[start..reader.Position];
    }

    private static SignatureStatus VerifyMac(MessageVerifier verifier, in ReferenceMessage message, in SignatureCandidate candidate, IReadOnlyList<ReferenceKey> keys)
    {
        Span<char> buffer = stackalloc char[SignatureLimits.MaxKeyIdLength];
        var keyId = candidate.GetKeyId(message, buffer).ToString();
        var live = keys.Where(key => key.KeyId == keyId).Select(key => new SigningKey(key.KeyId, key.Secret)).ToArray();
        var status = live.Length == 0 ? SignatureStatus.InvalidCredential : verifier.Verify(message, candidate, live, out _, out _);
        Array.ForEach(live, key => key.Dispose());
        return status;
    }

    private static SignatureStatus VerifyContent(in ReferenceMessage message, in SignatureCandidate candidate, byte[] content) =>
        candidate.CoversContentDigest ? VerifyDigest(message, content)
        : content.Length == 0 ? SignatureStatus.Verified
        : SignatureStatus.MissingDigest;

    public static SignatureStatus VerifyDigest(in ReferenceMessage message, byte[] content)
    {
        if (!ContentDigest.TryRead(message, out var expected, out var refusal))
        {
            return refusal;
        }

        using var hasher = ContentHasher.Rent(expected.Algorithms);
        hasher.Append(content);
        return hasher.Verify(expected);
    }
}
