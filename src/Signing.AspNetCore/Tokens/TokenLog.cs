using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>The log messages about tokens and grants. No token is ever among the arguments; a grant's id opens nothing.</summary>
internal static partial class TokenLog
{
    [LoggerMessage(3001, LogLevel.Information, "Client {Client} has logged in: grant {Grant}.")]
    public static partial void LoggedIn(this ILogger logger, string client, Grant grant);

    [LoggerMessage(3002, LogLevel.Debug, "Client {Client} has refreshed grant {Grant} to sequence {Sequence}.")]
    public static partial void Refreshed(this ILogger logger, string client, Grant grant, int sequence);

    [LoggerMessage(3003, LogLevel.Information, "Client {Client} got the tokens of sequence {Sequence} of grant {Grant} again: the first answer seems to be lost.")]
    public static partial void RefreshRepeated(this ILogger logger, string client, Grant grant, int sequence);

    [LoggerMessage(3004, LogLevel.Warning, "A refresh token of sequence {Sequence} of grant {Grant} of client {Client} was used again, the current one being {Current}. The grant is revoked: one of the holders may be a thief.")]
    public static partial void RefreshReused(this ILogger logger, string client, Grant grant, int sequence, int current);

    [LoggerMessage(3005, LogLevel.Information, "Grant {Grant} of client {Client} is revoked: {Reason}.")]
    public static partial void GrantRevoked(this ILogger logger, string client, Grant grant, RevocationReason reason);

    [LoggerMessage(3006, LogLevel.Information, "A token is refused at {Operation}: {Code}.")]
    public static partial void TokenRefused(this ILogger logger, string operation, string code);

    [LoggerMessage(3007, LogLevel.Error, "The grant store failed; the request is answered 503.")]
    public static partial void GrantStoreFailed(this ILogger logger, Exception exception);

    [LoggerMessage(3008, LogLevel.Error, "The credential source failed; the request is answered 503.")]
    public static partial void CredentialSourceFailed(this ILogger logger, Exception exception);

    [LoggerMessage(3009, LogLevel.Information, "Master key version {Version} makes tokens from now on.")]
    public static partial void MasterKeyRotated(this ILogger logger, int version);

    [LoggerMessage(3010, LogLevel.Warning, "The Data Protection key ring that seals the master key of the tokens is not encrypted. Outside Development the start fails for this, unless AllowUnprotectedKeyRing is set: call AddDataProtection() with one of the ProtectKeysWith… methods.")]
    public static partial void KeyRingUnprotected(this ILogger logger);

    [LoggerMessage(3011, LogLevel.Warning, "The last line of the journal of grants {Path} was torn, as a crash leaves it. It was confirmed to nobody, and is dropped.")]
    public static partial void JournalTorn(this ILogger logger, string path);

    [LoggerMessage(3012, LogLevel.Error, "The journal of grants {Path} cannot be written; what waits for it is answered 503, and the next change tries to write the whole file anew.")]
    public static partial void JournalFailed(this ILogger logger, string path, Exception exception);

    [LoggerMessage(3013, LogLevel.Warning, "The journal of grants {Path} was taken away or replaced while this process uses it, and is written anew. To restore a backup, stop the host first.")]
    public static partial void JournalTakenAway(this ILogger logger, string path);

    [LoggerMessage(3014, LogLevel.Warning, "The metadata of the token endpoints tells clients {Address}, but the endpoint is at {Route}. Unless something on the way maps the one to the other, they do not find it: let Issuer be the public address of what MapTokenEndpoints maps, groups included.")]
    public static partial void EndpointElsewhere(this ILogger logger, string address, string route);
}
