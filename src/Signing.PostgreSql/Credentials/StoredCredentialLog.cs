using Microsoft.Extensions.Logging;

namespace Signing.PostgreSql;

internal static partial class StoredCredentialLog
{
    [LoggerMessage(4101, LogLevel.Warning, "The Data Protection key ring that seals the Secrets in PostgreSQL is not encrypted. Outside Development the start fails: call AddDataProtection() with one of the ProtectKeysWith… methods.")]
    public static partial void KeyRingUnprotected(this ILogger logger);
}
