using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>The log messages. No secret, signature, signature base or content is ever among the arguments, and a key id only after its MAC.</summary>
internal static partial class Log
{
    // Anybody may write any key id into a request: it is named when its Secret has made the signature.
    public const string UnprovedKey = "unproved";

    [LoggerMessage(1, LogLevel.Debug, "{Scheme}: the request is verified, key {KeyId}.")]
    public static partial void Verified(ILogger logger, string scheme, string keyId);

    [LoggerMessage(2, LogLevel.Information, "{Scheme}: the request is refused, {Code}; key {KeyId}.")]
    public static partial void Refused(ILogger logger, string scheme, string code, string keyId);

    [LoggerMessage(3, LogLevel.Error, "{Scheme}: the credential source failed; the request is answered 503.")]
    public static partial void CredentialSourceFailed(ILogger logger, string scheme, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "{Scheme}: the replay store failed; the request is answered 503.")]
    public static partial void ReplayStoreFailed(ILogger logger, string scheme, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "{Scheme}: the server rejected the content of a request of key {KeyId} with {Status}: {Reason}")]
    public static partial void ContentRejected(ILogger logger, string scheme, string keyId, int status, string reason);

    [LoggerMessage(6, LogLevel.Warning, "{Scheme}: the refusal {Code} cannot be written, because the response has started.")]
    public static partial void ResponseStarted(ILogger logger, string scheme, string code);

    [LoggerMessage(7, LogLevel.Information, "Client {Client} of workspace {Acting} has logged in with sharing key {SharingKey} of workspace {Grantor}.")]
    public static partial void SharingKeyUsed(ILogger logger, string client, string? acting, string sharingKey, string? grantor);

    [LoggerMessage(8, LogLevel.Information, "A request to the token endpoints is refused, {Code}.")]
    public static partial void TokenRequestRefused(ILogger logger, string code);

    [LoggerMessage(9, LogLevel.Error, "The use of sharing key {SharingKey} could not be stored, and its user was told to try again.")]
    public static partial void SharingKeyUseNotStored(ILogger logger, string sharingKey, Exception exception);

    [LoggerMessage(10, LogLevel.Warning, "{Scheme}: the diagnostics are refused to a caller. Outside Development they need a policy: MapSigningDiagnostics(…).RequireAuthorization(…); in Development without one they are for this machine only.")]
    public static partial void DiagnosticsRefused(ILogger logger, string scheme);

    [LoggerMessage(11, LogLevel.Warning, "{Scheme}: the content of a request was read before its signature was judged, so the digest cannot agree. Authenticate before whatever reads it, forms included, or have it buffered there: Request.EnableBuffering().")]
    public static partial void ContentReadBefore(ILogger logger, string scheme);

    [LoggerMessage(12, LogLevel.Error, "{Scheme}: the reloaded options cannot be used. The last valid ones stay in force, so the change has no effect yet.")]
    public static partial void OptionsNotReloaded(ILogger logger, string scheme, Exception exception);

    [LoggerMessage(13, LogLevel.Warning, "{Scheme}: the server does not say which target it received, as TestServer never does, so no signature can be verified. Let a middleware in front set IHttpRequestFeature.RawTarget, or test over Kestrel.")]
    public static partial void TargetIsUntold(ILogger logger, string scheme);

    [LoggerMessage(14, LogLevel.Warning, "{Scheme}: a request is refused although its signature is right, because this scheme was not asked who sent it. Call UseAuthentication before UseAuthorization, and name the scheme in the policy.")]
    public static partial void AskedTooLate(ILogger logger, string scheme);

    [LoggerMessage(30, LogLevel.Error, "A response is sent without its signature, {Code}: a component of the policy has no value in it, or the Secret was revoked meanwhile.")]
    public static partial void ResponseNotSigned(ILogger logger, string code);

    [LoggerMessage(31, LogLevel.Warning, "A response of {Endpoint} is sent without a signature: its content has more than the {MaxBytes} bytes of ResponseSignatureOptions.MaxBytes.")]
    public static partial void ResponseTooLong(ILogger logger, string? endpoint, int maxBytes);

    [LoggerMessage(32, LogLevel.Debug, "A response of {Endpoint} is sent without a signature, because it streams.")]
    public static partial void ResponseStreams(ILogger logger, string? endpoint);
}
