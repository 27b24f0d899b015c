using Microsoft.Extensions.Logging;

namespace Signing.PostgreSql;

internal static partial class StoredCredentialLog
{
    [LoggerMessage(4101, LogLevel.Warning, "The Data Protection key ring that seals the Secrets in PostgreSQL is not encrypted. Outside Development the start fails for this, unless AllowUnprotectedKeyRing is set: call AddDataProtection() with one of the ProtectKeysWith… methods.")]
    public static partial void KeyRingUnprotected(this ILogger logger);

    [LoggerMessage(4102, LogLevel.Information, "Time had ended {Count} credentials or Secrets of theirs, which are destroyed now.")]
    public static partial void CredentialsSettled(this ILogger logger, int count);

    [LoggerMessage(4105, LogLevel.Information, "Sealed {Count} Secrets anew, with the newest key of the ring.")]
    public static partial void SecretsResealed(this ILogger logger, int count);

    [LoggerMessage(4103, LogLevel.Error, "What time has ended could not be destroyed, or Secrets not be sealed anew; it is tried again every {Interval}. Whatever has ended is refused nevertheless.")]
    public static partial void CredentialsNotTidied(this ILogger logger, TimeSpan interval, Exception exception);

    [LoggerMessage(4104, LogLevel.Error, "Secret {Version} of {CredentialId} does not open, although others do: it was sealed for another credential or version, or its key is gone from the key ring. Requests with it get 503: rotate it.")]
    public static partial void SecretDoesNotOpen(this ILogger logger, string credentialId, int version, Exception exception);
}
