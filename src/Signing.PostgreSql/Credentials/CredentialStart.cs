using Microsoft.Extensions.Logging;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Rules out, when the tables are there, whatever would make the store of credentials unsafe or without effect.</summary>
internal sealed class CredentialStart(
    IServiceProvider services, SoleCredentialSource source, KeyRingProtection protection, CredentialCanary canary, PostgreSqlOptions options, ILogger<CredentialStart> logger)
{
    /// <exception cref="PostgreSqlStartException">There is another source, or the key ring is not encrypted, or not the one of the Secrets.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (source.FindOther(services) is { } other)
        {
            throw new PostgreSqlStartException(PostgreSqlStartFault.SeveralSources, other);
        }

        // First, so that nothing is sealed with a key ring that is refused.
        protection.Require(options.AllowUnprotectedKeyRing, logger.KeyRingUnprotected, Unprotected);
        await canary.RequireAsync(cancellationToken).ConfigureAwait(false);
    }

    private static PostgreSqlStartException Unprotected() => new(
        PostgreSqlStartFault.UnprotectedKeyRing,
        "The Data Protection key ring that seals the Secrets is not encrypted, and the host runs outside Development. Call AddDataProtection() with one of the ProtectKeysWith… methods, "
        + "or set PostgreSqlOptions.AllowUnprotectedKeyRing if the ring's storage is protected otherwise. Keys that were written in plain are refused too: begin with a ring and a schema of their own.");
}
