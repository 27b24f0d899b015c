using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Signing.AspNetCore;

/// <summary>Judges requests that come by a presigned URL, in the steps of a signed one; there is no claim at the end of them.</summary>
internal sealed class PresignedUrls(SignatureOptions options, KeyLookUp keys, TokenDoors doors, LastUses uses)
{
    private readonly UrlVerifier _verifier = new(options.Policy, options.TimeProvider);
    private readonly TimeProvider _time = options.TimeProvider ?? TimeProvider.System;

    /// <summary>Says whether a request comes by a presigned URL, be it a broken one: only to an endpoint that was found already, and that lets them in.</summary>
    public static bool IsIn(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<AllowPresignedAttribute>() is not null
        && UrlVerifier.IsPresigned(new HttpRequestView(context, origin: null))
        && (!HttpMethods.IsConnect(context.Request.Method) || OpensSocket(context));

    public string? SignatureBaseOf(in HttpRequestView message) =>
        _verifier.TryRead(message, out UrlSignature url, out _) ? _verifier.GetSignatureBase(message, url) : null;

    public async ValueTask JudgeAsync(HttpContext context, HttpRequestView message, bool isSignedToo, SignatureVerdict verdict)
    {
        // Whatever else the request carries, nobody could say which of the two it was made with.
        if (isSignedToo || doors.Find(context).Door is not null || context.Request.Headers.ContainsKey(HeaderNames.Authorization))
        {
            verdict.CredentialStatus = CredentialStatus.AmbiguousCredentials;
            return;
        }

        // 1 and 2
        if (!_verifier.TryRead(message, out UrlSignature url, out SignatureStatus refusal))
        {
            verdict.Status = refusal;
            return;
        }

        // 3
        SourceAnswer<Credential> found = await FindAsync(message, url, context.RequestAborted).ConfigureAwait(false);

        // 4
        verdict.Status = CheckMac(message, url, found, out int matched);
        if (verdict.Status != SignatureStatus.Verified)
        {
            verdict.CredentialStatus = KeyLookUp.StatusOf(found, verdict.Status);
            return;
        }

        JudgeHolder(context, found.Row!, matched, verdict);
    }

    // RFC 8441 §4. A server may take any other CONNECT with a path as well, such as one of HTTP/1.1.
    private static bool OpensSocket(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: { } protocol }
        && protocol.Equals("websocket", StringComparison.OrdinalIgnoreCase);

    private void JudgeHolder(HttpContext context, Credential credential, int matched, SignatureVerdict verdict)
    {
        verdict.Status = SignatureStatus.NotVerified;
        verdict.Credential = credential;

        // 5
        DateTimeOffset now = _time.GetUtcNow();
        verdict.CredentialStatus = credential.Evaluate(matched, now, options.Environment);
        if (verdict.CredentialStatus != CredentialStatus.Valid)
        {
            return;
        }

        // 6: a URL covers no content, so there must be none; nothing is read to find out.
        verdict.Status = RequestBodyDigest.MayHaveContent(context) ? SignatureStatus.MissingDigest : SignatureStatus.Verified;
        if (verdict.Status == SignatureStatus.Verified)
        {
            uses.Note(credential, matched, context, now);
        }
    }

    private ValueTask<SourceAnswer<Credential>> FindAsync(in HttpRequestView message, in UrlSignature url, CancellationToken aborted)
    {
        Span<char> buffer = stackalloc char[SignatureLimits.MaxKeyIdLength];
        return keys.FindAsync(url.GetKeyId(message, buffer), aborted);
    }

    private SignatureStatus CheckMac(in HttpRequestView message, in UrlSignature url, in SourceAnswer<Credential> found, out int matched)
    {
        matched = -1;
        return found.IsUnavailable ? SignatureStatus.NotVerified : _verifier.Verify(message, url, KeyLookUp.SecretsOf(found), out matched);
    }
}
