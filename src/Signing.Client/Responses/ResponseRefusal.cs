using System.Buffers;

namespace Signing.Client;

/// <summary>Says in words why an answer is not handed on.</summary>
internal static class ResponseRefusal
{
    private const int MaxCodeLength = 64;

    private static readonly SearchValues<char> CodeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    public static MessageSigningException Of(SignatureStatus status, HttpResponseMessage response, HttpRequestMessage request, int maxBytes)
    {
        string code = Outcome.Of(status).Code;
        string? refusal = status == SignatureStatus.MissingSignature ? Refusal.CodeOf(response) : null;

        // Whoever wrote the answer, it may be: what is no wire code stays out of the message, and so out of logs.
        bool isRefusal = refusal is { Length: > 0 and <= MaxCodeLength } && !refusal.AsSpan().ContainsAnyExcept(CodeCharacters);
        string reason = isRefusal ? $"it has no signature, as refusals have none. It says that the request was refused, {refusal}, which nothing proves: mend that first." : Reason(status, maxBytes);
        return new MessageSigningException(
            status, response.StatusCode, $"The answer {(int)response.StatusCode} of {request.RequestUri!.IdnHost} is not accepted, {code}: {reason} The request may have been executed.")
        {
            IsOfToken = status == SignatureStatus.MissingSignature && TokenRefusal.Is(response),
        };
    }

    private static string Reason(SignatureStatus status, int maxBytes) => status switch
    {
        SignatureStatus.MissingSignature => "it has no signature. Have the server sign this endpoint, or do not require a signature.",
        SignatureStatus.MalformedSignatureInput or SignatureStatus.MalformedSignature or SignatureStatus.TooLarge => "its signature cannot be read.",
        SignatureStatus.UnsupportedComponent or SignatureStatus.UnsupportedAlgorithm => "it is signed in a way that this client does not know.",
        SignatureStatus.MissingComponent => "something that was signed is not there any more, or was never known to this client. Check whether a proxy removes fields.",
        SignatureStatus.InsufficientCoverage or SignatureStatus.MissingParameter => "its signature does not cover all that is required of it.",
        SignatureStatus.CreatedInFuture or SignatureStatus.TooOld or SignatureStatus.ExpiredSignature or SignatureStatus.LifetimeTooLong => "its signature is not of this time. Compare the clocks of both sides.",
        SignatureStatus.InvalidCredential => "it is not signed by the key of the request, was changed on its way, or answers another request.",
        SignatureStatus.MissingDigest => "it has content that no covered Content-Digest protects.",
        SignatureStatus.UnsupportedDigest => "its Content-Digest cannot be read, or has no sha-256 or sha-512 member.",
        SignatureStatus.DigestMismatch => "its content is not the content that was signed. Check whether a proxy compresses or rewrites it.",
        SignatureStatus.BodyTooLarge => $"its content has more than the {maxBytes} bytes of {nameof(ResponseVerificationOptions)}.{nameof(ResponseVerificationOptions.MaxBytes)}.",
        _ => "its signature was not verified.",
    };
}
