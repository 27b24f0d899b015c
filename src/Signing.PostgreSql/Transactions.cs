using Npgsql;

namespace Signing.PostgreSql;

/// <summary>Runs what several statements do as one.</summary>
internal sealed class Transactions(Database database, ChangeFeed feed)
{
    // The class 25 of SQLSTATE; PostgresErrorCodes of Npgsql does not have it.
    internal const string IdleInTransactionSessionTimeout = "25P03";

    /// <summary>Runs work in a transaction, and commits if the work says so; else nothing of it lasts. It is run once more if this process stood still for so long that the database gave it up.</summary>
    public async Task<T> RunAsync<T>(Func<DatabaseSession, CancellationToken, Task<(T Answer, bool MustLast)>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await RunOnceAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == IdleInTransactionSessionTimeout)
        {
            // Ended while it was idle, so that even a commit that was on its way met nothing: none of it lasts.
            return await RunOnceAsync(work, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a change that every node is told of, if it has any notes: one at a time, and this node has heard of it when the task completes.</summary>
    public async Task<T> RunAloneAsync<T>(Func<DatabaseSession, List<ChangeNote>, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        List<ChangeNote> notes = [];
        (T answer, long number) = await RunAsync(
            async (session, cancellation) =>
            {
                notes.Clear();
                await ChangeLog.LockAsync(session, cancellation).ConfigureAwait(false);
                T answer = await work(session, notes, cancellation).ConfigureAwait(false);
                long number = notes.Count == 0 ? 0 : await ChangeLog.AppendAsync(session, notes, cancellation).ConfigureAwait(false);
                return ((answer, number), true);
            },
            cancellationToken).ConfigureAwait(false);
        if (notes.Count > 0)
        {
            feed.Apply(number, notes.ToArray());
        }

        return answer;
    }

    private async Task<T> RunOnceAsync<T>(Func<DatabaseSession, CancellationToken, Task<(T Answer, bool MustLast)>> work, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            NpgsqlTransaction transaction = await Database.BeginAsync(connection, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var session = new DatabaseSession(database, connection, transaction);
                await session.Command("transaction.limit").RunAsync(cancellationToken).ConfigureAwait(false);
                (T answer, bool mustLast) = await work(session, cancellationToken).ConfigureAwait(false);
                if (mustLast)
                {
                    // Decided: whoever gives up now could not know what lasts.
                    await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
                }

                return answer;
            }
        }
    }
}
