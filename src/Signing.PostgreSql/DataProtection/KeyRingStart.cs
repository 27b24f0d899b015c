using Microsoft.Extensions.Logging;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Requires that a key ring in the database is encrypted, where nothing else of the host requires it.</summary>
internal sealed class KeyRingStart(KeyRingProtection protection, PostgreSqlOptions options, ILogger<KeyRingStart> logger)
{
    /// <exception cref="PostgreSqlStartException">It is not, and the host runs outside Development.</exception>
    public void Require() => protection.Require(options.AllowUnprotectedKeyRing, logger.KeyRingUnprotected, Unprotected);

    private static PostgreSqlStartException Unprotected() => new(
        PostgreSqlStartFault.UnprotectedKeyRing,
        "The Data Protection key ring in PostgreSQL is not encrypted, and the host runs outside Development. Call one of the ProtectKeysWith… methods beside PersistKeysToPostgreSql, "
        + "or set PostgreSqlOptions.AllowUnprotectedKeyRing if the database is protected otherwise. Keys that were written in plain are refused too: begin with a ring of their own.");
}
