using System.Net.Http.Headers;

namespace Signing.Client;

/// <summary>RFC 9421 §3.2. Verifies an answer: signed with the key of the request, for this request, as it was received.</summary>
/// <remarks>
/// <code>
/// 1 signature of status, fields and request ─► 2 content up to a limit ─► 3 its digest ─► the answer, its content in memory
/// </code>
/// Nothing of an answer that fails is handed on, and none of its content is read before its signature is verified.
/// </remarks>
internal sealed class ResponseVerifier(ResponseVerificationOptions options, string usualLabel)
{
    private readonly MessageVerifier _verifier = new(options.Policy);
    private readonly int _maxBytes = options.MaxBytes;
    private readonly string? _wanted = options.Ask ? WantedSignature.Of(options.Policy, usualLabel) : null;

    /// <summary>Asks for the signature of an answer to a request that is signed under a label, unless the caller does so in words of their own.</summary>
    /// <returns><see langword="true"/> if the request asks otherwise than before; otherwise <see langword="false"/>.</returns>
    public bool Ask(HttpRequestMessage request, string label)
    {
        if (_wanted is null)
        {
            return false;
        }

        bool asks = request.Headers.NonValidated.TryGetValues(FieldNames.AcceptSignature, out HeaderStringValues before);
        if (asks && (label == usualLabel || before.ToString() != _wanted))
        {
            return false;
        }

        request.Headers.Remove(FieldNames.AcceptSignature);
        return request.Headers.TryAddWithoutValidation(FieldNames.AcceptSignature, label == usualLabel ? _wanted : WantedSignature.Of(_verifier.Policy, label));
    }

    /// <summary>Verifies an answer and reads its content.</summary>
    /// <exception cref="MessageSigningException">It is not what the server has answered to this request; it is disposed of.</exception>
    public async ValueTask VerifyAsync(HttpRequestMessage request, HttpResponseMessage response, Attempt attempt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        bool accepted = false;
        try
        {
            ExpectedContent expected = VerifyFields(request, response, in attempt, now);
            using ContentHasher hasher = ContentHasher.Rent(expected.Algorithms);
            using var content = new HashingStream(hasher, expected.MaxBytes, _ => TooLong(request, response, in expected));
            await response.Content.CopyToAsync(content, cancellationToken).ConfigureAwait(false);
            Finish(request, response, in expected, hasher, content);
            accepted = true;
        }
        finally
        {
            Close(response, accepted);
        }
    }

    private static void Close(HttpResponseMessage response, bool accepted)
    {
        if (!accepted)
        {
            response.Dispose();
        }
    }

    private ExpectedContent VerifyFields(HttpRequestMessage request, HttpResponseMessage response, in Attempt attempt, DateTimeOffset now)
    {
        var message = new HttpResponseMessageView(new ResponseParts(request, response, attempt.Label));
        SignatureStatus status = VerifySignature(in message, attempt.Key, now + attempt.Learnt.ClockOffset, out bool coversDigest);
        if (status != SignatureStatus.Verified)
        {
            throw Refuse(status, request, response);
        }

        if (!coversDigest)
        {
            return new ExpectedContent(null, 0);
        }

        if (!ContentDigest.TryRead(in message, out ExpectedDigest digest, out SignatureStatus refusal))
        {
            throw Refuse(refusal, request, response);
        }

        return new ExpectedContent(digest, _maxBytes);
    }

    private SignatureStatus VerifySignature(in HttpResponseMessageView message, SigningKey key, DateTimeOffset now, out bool coversDigest)
    {
        coversDigest = false;
        if (!_verifier.TryRead(in message, now, out SignatureCandidates candidates, out SignatureStatus refusal))
        {
            return refusal;
        }

        // RFC 9421 §7.2.6: what a gateway has signed beside it is nothing to us.
        SignatureStatus status = SignatureStatus.InvalidCredential;
        Span<char> buffer = stackalloc char[SignatureLimits.MaxKeyIdLength];
        for (int i = 0; i < candidates.Count && status != SignatureStatus.Verified; i++)
        {
            if (candidates[i].GetKeyId(in message, buffer).SequenceEqual(key.KeyId))
            {
                status = _verifier.Verify(in message, in candidates[i], key, out _);
                coversDigest = candidates[i].CoversContentDigest;
            }
        }

        return status;
    }

    private void Finish(HttpRequestMessage request, HttpResponseMessage response, in ExpectedContent expected, ContentHasher hasher, HashingStream content)
    {
        // RFC 9421 §7.2.8: a covered digest proves the content only if the content is compared with it.
        if (expected.Digest is { } digest && hasher.Verify(in digest) != SignatureStatus.Verified)
        {
            throw Refuse(SignatureStatus.DigestMismatch, request, response);
        }

        response.Content = new BufferedContent(response.Content, content.Kept);
        ClientTelemetry.CountResponse(SignatureStatus.Verified);
    }

    private MessageSigningException TooLong(HttpRequestMessage request, HttpResponseMessage response, in ExpectedContent expected) =>
        Refuse(expected.Digest is null ? SignatureStatus.MissingDigest : SignatureStatus.BodyTooLarge, request, response);

    private MessageSigningException Refuse(SignatureStatus status, HttpRequestMessage request, HttpResponseMessage response)
    {
        ClientTelemetry.CountResponse(status);
        return ResponseRefusal.Of(status, response, request, _maxBytes);
    }
}
