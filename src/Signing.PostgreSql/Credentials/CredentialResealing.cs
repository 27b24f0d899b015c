using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Seals Secrets anew that were sealed with an old key of the ring, so that the old one may go one day; the canary last.</summary>
internal sealed class CredentialResealing(Database database, SecretSeal seal, CredentialCanary canary, Transactions transactions, ILogger logger)
{
    /// <summary>How many Secrets are looked at together.</summary>
    public const int MaxBatch = 500;

    /// <summary>Goes through all Secrets once; any number of nodes may, and the first to come does the work.</summary>
    /// <returns>How many were sealed anew.</returns>
    public async Task<int> ResealAsync(CancellationToken cancellationToken)
    {
        byte[] header = seal.NewestHeader();
        (string Id, int Version) last = ("", 0);
        int resealed = 0;
        for (int looked = MaxBatch; looked == MaxBatch;)
        {
            List<(string Id, int Version, byte[]? Old)> batch = await ReadAsync(header, last, cancellationToken).ConfigureAwait(false);
            looked = batch.Count;
            last = looked == 0 ? last : (batch[^1].Id, batch[^1].Version);
            resealed += await ResealAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await canary.RenewAsync(new DatabaseSession(database, connection), cancellationToken).ConfigureAwait(false);
        }

        return resealed;
    }

    private async Task<List<(string Id, int Version, byte[]? Old)>> ReadAsync(byte[] header, (string Id, int Version) last, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using NpgsqlCommand command = database.Command("credential_secret.seals", connection)
                .Bytes("header", header).Text("id", last.Id).Number("version", last.Version).Number("limit", MaxBatch);
            List<(string Id, int Version, byte[]? Old)> batch = [];
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    var columns = new Columns(reader);
                    batch.Add((columns.Text(), columns.Number(), columns.BytesOrNull()));
                }
            }

            return batch;
        }
    }

    private async Task<int> ResealAsync(List<(string Id, int Version, byte[]? Old)> batch, CancellationToken cancellationToken)
    {
        (string Id, int Version, byte[] Old, byte[] New)[] renewed =
            [.. from secret in batch where secret.Old is not null let sealedAnew = Renew(secret.Id, secret.Version, secret.Old!) where sealedAnew is not null select (secret.Id, secret.Version, secret.Old!, sealedAnew)];
        if (renewed.Length == 0)
        {
            return 0;
        }

        return await transactions.RunAsync(
            async (session, cancellation) =>
            {
                await CredentialTransaction.TableOf(typeof(CredentialRecord)).LockAsync(session, [.. renewed.Select(secret => secret.Id)], cancellation).ConfigureAwait(false);
                NpgsqlCommand command = session.Command("credential_secret.reseal")
                    .Texts("ids", renewed.Select(secret => secret.Id))
                    .Numbers("versions", renewed.Select(secret => secret.Version))
                    .ByteArrays("known", renewed.Select(secret => secret.Old))
                    .ByteArrays("sealed", renewed.Select(secret => secret.New));
                return (await command.RunAsync(cancellation).ConfigureAwait(false), true);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private byte[]? Renew(string credentialId, int version, byte[] old)
    {
        try
        {
            return seal.Renew(credentialId, version, old);
        }
        catch (CryptographicException exception)
        {
            // The others go on: whoever asks for this one gets 503.
            logger.SecretDoesNotOpen(credentialId, version, exception);
            return null;
        }
    }
}
