using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Grants;

public sealed class GrantRaceTests(SharedServer server) : ManyNodes(server)
{
    private const int Threads = 48;

    [Fact]
    public async Task Of_many_refreshes_on_several_nodes_one_rotates_and_all_get_the_same_successor()
    {
        GrantNode[] nodes = Nodes(4);
        await nodes[0].Store.InsertAsync(GrantOf(1), Cancellation);
        for (int sequence = 0; sequence < 10; sequence++)
        {
            GrantRotation[] rotations = await InParallelAsync(i => nodes[i % 4].Store.TryRotateAsync(1, sequence, Terms, Cancellation).AsTask());

            Assert.Single(rotations, rotation => rotation.Status == GrantRotationStatus.Rotated);
            Assert.Equal(Threads - 1, rotations.Count(rotation => rotation.Status == GrantRotationStatus.SameSuccessor));
            Assert.All(rotations, rotation => Assert.Equivalent(rotations[0].Grant, rotation.Grant, strict: true));
        }
    }

    [Fact]
    public async Task Refreshes_reuses_uses_and_revocations_of_the_same_grants_on_two_nodes_never_wait_for_each_other_in_a_ring()
    {
        GrantNode[] nodes = Nodes(2);
        for (int id = 1; id <= 8; id++)
        {
            await nodes[0].Store.InsertAsync(GrantOf((UInt128)id), Cancellation);
        }

        await InParallelAsync(async i =>
        {
            PostgreSqlGrantStore store = nodes[i % 2].Store;
            for (int round = 0; round < 12; round++)
            {
                UInt128 id = (UInt128)(1 + ((i + round) % 8));
                await StepAsync(store, id, i, round);
            }

            return true;
        });

        for (int id = 1; id <= 8; id++)
        {
            Assert.True((await nodes[0].Store.FindAsync((UInt128)id, Cancellation))!.IsRevoked);
        }
    }

    [Fact]
    public async Task Logins_on_several_nodes_never_exceed_the_limits_and_the_counts_are_those_of_the_rows()
    {
        GrantNode[] nodes = Nodes(3, capacity: 40);
        int next = 0;
        for (int round = 0; round < 6; round++)
        {
            GrantInsertion[] insertions = await InParallelAsync(i =>
                nodes[i % 3].Store.InsertAsync(GrantOf((UInt128)Interlocked.Increment(ref next), client: $"key_{i % 5}"), Cancellation).AsTask());

            (long rows, long mostOfClient, long parts, long clients) = await CountAsync();
            Assert.InRange(rows, 1, 40);
            Assert.InRange(mostOfClient, 1, 10);
            Assert.Equal((rows, rows), (parts, clients));
            if (round == 0)
            {
                // Five clients that take all they get come to hold a seventh each, or more where one was quicker than another
                // or did not see it yet.
                Assert.InRange(rows, 40 * 5 / 7, 40);
                Assert.Equal(rows, insertions.Count(insertion => insertion == GrantInsertion.Inserted));
            }

            // Half of the rounds find grants that have ended, and make room.
            Time.Advance(TimeSpan.FromDays(round % 2 == 0 ? 31 : 0));
        }
    }

    [Fact]
    public async Task A_login_whose_part_is_filled_while_it_waits_for_it_goes_where_there_is_room_and_overfills_none()
    {
        PostgreSqlGrantStore store = Nodes(1, capacity: 16)[0].Store;
        await using NpgsqlConnection connection = await Server.Source.OpenConnectionAsync(Cancellation);
        await using NpgsqlTransaction filling = await connection.BeginTransactionAsync(Cancellation);
        await using NpgsqlCommand command = new($"UPDATE {Schema}.token_grant_part SET count = CASE part WHEN 7 THEN 0 ELSE 1 END", connection);
        await command.ExecuteNonQueryAsync(Cancellation);

        // It has seen room everywhere.
        Task<GrantInsertion> waiting = store.InsertAsync(GrantOf(1), Cancellation).AsTask();
        await Server.WaitForWaiterAsync(connection.ProcessID, waiting);
        await filling.CommitAsync(Cancellation);

        Assert.Equal(GrantInsertion.Inserted, await waiting);
        Assert.Equal(GrantInsertion.Unavailable, await store.InsertAsync(GrantOf(2, client: "another"), Cancellation));
        command.CommandText = $"SELECT max(count) FROM {Schema}.token_grant_part";
        Assert.Equal(1, await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task An_answer_that_was_under_way_while_a_grant_was_revoked_never_brings_it_back()
    {
        GrantNode[] nodes = Nodes(2);
        for (UInt128 id = 1; id <= 30; id++)
        {
            await nodes[0].Store.InsertAsync(GrantOf(id), Cancellation);
            await InParallelAsync(async i =>
            {
                if (i == Threads / 2)
                {
                    await nodes[0].Store.RevokeAsync(id, RevocationReason.Operator, Cancellation);
                    await HearAsync(nodes[1]);
                }
                else
                {
                    await nodes[i % 2].Store.FindAsync(id, Cancellation);
                }

                return true;
            });

            Assert.All(nodes, node => Assert.False(node.Store.TryGetCached(id, out Grant? grant) && !grant!.IsRevoked));
        }
    }

    private Task StepAsync(PostgreSqlGrantStore store, UInt128 id, int thread, int round) => ((thread + round) % 6) switch
    {
        0 => store.TryRotateAsync(id, 7, Terms, Cancellation).AsTask(),
        1 => store.RevokeAllAsync(GrantOwner.Client, "key_1", RevocationReason.Operator, Cancellation).AsTask(),
        2 => store.RevokeAsync(id, RevocationReason.Holder, Cancellation).AsTask(),
        3 => store.MarkUsedAsync(id, round, Cancellation).AsTask(),
        4 => store.InsertAsync(GrantOf((UInt128)(1000 + (thread * 100) + round)), Cancellation).AsTask(),
        _ => store.TryRotateAsync(id, 0, Terms, Cancellation).AsTask(),
    };

    private async Task<(long Rows, long MostOfClient, long Parts, long Clients)> CountAsync()
    {
        await using NpgsqlCommand command = Server.Source.CreateCommand(
            $"SELECT (SELECT count(*) FROM {Schema}.token_grant), (SELECT max(n) FROM (SELECT count(*) AS n FROM {Schema}.token_grant GROUP BY client_key) AS c), "
            + $"(SELECT sum(count) FROM {Schema}.token_grant_part), (SELECT sum(count) FROM {Schema}.token_grant_client)");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(Cancellation);
        await row.ReadAsync(Cancellation);
        return (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
    }

    private static async Task<T[]> InParallelAsync<T>(Func<int, Task<T>> operation)
    {
        TaskCompletionSource start = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<T>[] tasks = [.. Enumerable.Range(0, Threads).Select(i => Task.Run(async () =>
        {
            await start.Task;
            return await operation(i);
        }))];
        start.SetResult();
        return await Task.WhenAll(tasks);
    }
}
