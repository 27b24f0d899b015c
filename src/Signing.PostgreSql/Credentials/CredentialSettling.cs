using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Destroys what time has ended, by the database's clock: Secrets that have retired, and those of credentials whose revocation has come.</summary>
internal sealed class CredentialSettling(Database database, ChangeFeed feed)
{
    /// <summary>How many credentials are settled together: the lock of all writers is held that long.</summary>
    public const int MaxBatch = 100;

    private readonly Transactions _transactions = new(database, feed);

    /// <summary>Settles what is due, unless another node is at it.</summary>
    /// <returns>How many credentials were changed.</returns>
    public async Task<int> SettleAsync(CancellationToken cancellationToken)
    {
        int settled = 0;
        for (int last = MaxBatch; last == MaxBatch; settled += last)
        {
            last = await SettleBatchAsync(cancellationToken).ConfigureAwait(false);
        }

        return settled;
    }

    private async Task<int> SettleBatchAsync(CancellationToken cancellationToken)
    {
        CredentialTransaction? writing = null;
        int settled = await _transactions.RunAsync(
            async (session, cancellation) =>
            {
                writing = new CredentialTransaction(session);
                if (!(await session.Command("credential.tidy_alone").AskAsync(cancellation).ConfigureAwait(false))[0])
                {
                    return (0, false);
                }

                RowEdit[] edits = await DueAsync(session, cancellation).ConfigureAwait(false);
                if (edits.Length == 0)
                {
                    return (0, false);
                }

                ChangeStatus status = await writing.TryWriteAsync(edits, cancellation).ConfigureAwait(false);
                await writing.AppendAsync(cancellation).ConfigureAwait(false);

                // Somebody has edited one of them just now: it is due again next time.
                return status == ChangeStatus.Changed ? (edits.Length, true) : (0, false);
            },
            cancellationToken).ConfigureAwait(false);
        if (settled > 0)
        {
            writing!.Tell(feed);
        }

        return settled;
    }

    private static async Task<RowEdit[]> DueAsync(DatabaseSession session, CancellationToken cancellationToken)
    {
        DateTimeOffset now = await NowAsync(session, cancellationToken).ConfigureAwait(false);
        List<string> ids = [];
        using (NpgsqlCommand command = session.Command("credential.due").Number("limit", MaxBatch))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    ids.Add(reader.GetString(0));
                }
            }
        }

        List<IStoredRow> rows = await CredentialTransaction.TableOf(typeof(CredentialRecord)).GetAsync(session, ids, cancellationToken).ConfigureAwait(false);
        return
        [
            .. from row in rows.Cast<CredentialRecord>()
               let change = CredentialRules.Settle(row, now)
               where change.Status == ChangeStatus.Changed
               select new RowEdit(row, change.Credential)
        ];
    }

    private static async Task<DateTimeOffset> NowAsync(DatabaseSession session, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = session.Command("credential.now");
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!);
    }
}
