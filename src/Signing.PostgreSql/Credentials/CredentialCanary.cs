using System.Security.Cryptography;
using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>The sealed text beside the Secrets that opens if they do: tells a wrong key ring from a damaged Secret.</summary>
internal sealed class CredentialCanary(Database database, SecretSeal seal)
{
    /// <summary>Opens the canary, or puts one there; of many nodes that start at once, all read the same one.</summary>
    /// <exception cref="PostgreSqlStartException">It was sealed with another key ring.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await RequireAsync(new DatabaseSession(database, connection), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the canary; <see langword="null"/> if it is not there.</summary>
    public async Task<byte[]?> FindAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await ReadAsync(new DatabaseSession(database, connection), cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task RequireAsync(DatabaseSession session, CancellationToken cancellationToken)
    {
        byte[]? canary = await ReadAsync(session, cancellationToken).ConfigureAwait(false);
        if (canary is null)
        {
            await session.Command("credential_canary.add").Bytes("sealed", Seal(session)).RunAsync(cancellationToken).ConfigureAwait(false);
            canary = (await ReadAsync(session, cancellationToken).ConfigureAwait(false))!;
        }

        if (!seal.OpensCanary(canary))
        {
            throw WrongKeyRing(session);
        }
    }

    /// <summary>Seals the canary with the newest key of the ring, if it is not yet; unless somebody has done so meanwhile.</summary>
    public async Task RenewAsync(DatabaseSession session, CancellationToken cancellationToken)
    {
        byte[]? canary = await ReadAsync(session, cancellationToken).ConfigureAwait(false);
        if (canary is not null && seal.RenewCanary(canary) is { } renewed)
        {
            await session.Command("credential_canary.renew").Bytes("known", canary).Bytes("renewed", renewed).RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private byte[] Seal(DatabaseSession session)
    {
        try
        {
            return seal.SealCanary();
        }
        catch (CryptographicException exception)
        {
            throw WrongKeyRing(session, exception);
        }
    }

    private static PostgreSqlStartException WrongKeyRing(DatabaseSession session, Exception? exception = null) => new(
        PostgreSqlStartFault.WrongKeyRing,
        $"This host's Data Protection key ring does not open what is sealed in the schema {session.Database.Options.Schema}. Give every node the same key ring, the same application name, and the certificate "
        + "or vault that the ring is encrypted with (PersistKeysToPostgreSql, SetApplicationName, ProtectKeysWith…), without any of its keys deleted or revoked.",
        exception);

    private static async Task<byte[]?> ReadAsync(DatabaseSession session, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = session.Command("credential_canary.get");
        return (byte[]?)await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }
}
