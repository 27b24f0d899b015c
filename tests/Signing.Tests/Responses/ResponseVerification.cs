namespace Signing.Tests.Responses;

/// <summary>Runs the core the way a client does: the two steps, then the content.</summary>
internal static class ResponseVerification
{
    public static SignatureStatus Verify(MessageVerifier verifier, ReferenceResponse response, SigningKey key)
    {
        var message = new ReferenceResponseMessage(response);
        SignatureStatus status = verifier.TryRead(message, out SignatureCandidates candidates, out SignatureStatus refusal)
            ? verifier.Verify(message, candidates[0], key, out _)
            : refusal;
        return status == SignatureStatus.Verified ? VerifyContent(message, candidates[0], response.Body) : status;
    }

    public static SignatureStatus VerifyContent<T>(in T message, in SignatureCandidate candidate, byte[] content)
        where T : ISignableMessage
    {
        if (!candidate.CoversContentDigest)
        {
            return content.Length == 0 ? SignatureStatus.Verified : SignatureStatus.MissingDigest;
        }

        if (!ContentDigest.TryRead(message, out ExpectedDigest expected, out SignatureStatus refusal))
        {
            return refusal;
        }

        using ContentHasher hasher = ContentHasher.Rent(expected.Algorithms);
        hasher.Append(content);
        return hasher.Verify(expected);
    }
}
