using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>What is forgotten, and by which the next memory knows what it must not grant.</summary>
public sealed class LostMemoryTests(SharedServer server) : ClaimTestBase(server)
{
    [Fact]
    public async Task A_memory_that_is_lost_while_the_clock_is_set_back_still_refuses_all_that_was_granted()
    {
        PostgreSqlReplayStore node = Node();
        DateTimeOffset[] granted = [Second(-60), Second(0), Second(5), Second(6)];
        for (int i = 0; i < granted.Length; i++)
        {
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, (UInt128)i, granted[i]));
        }

        Tables.LoseMemory();
        Time.SetClock(Time.GetUtcNow().AddSeconds(-30));

        foreach (PostgreSqlReplayStore any in new[] { node, Node() })
        {
            for (int i = 0; i < granted.Length; i++)
            {
                Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(any, (UInt128)i, granted[i]));
            }
        }
    }

    [Fact]
    public async Task A_memory_that_begins_without_the_horizon_of_the_one_before_is_above_all_that_that_one_can_have_granted()
    {
        PostgreSqlReplayStore node = Node();
        DateTimeOffset latest = Second(7);
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1, latest));
        Assert.Equal(ReplayClaim.Unavailable, await ClaimAsync(node, 2, latest.AddSeconds(1)));

        // As on a standby that has taken over before it had heard of the last horizon.
        Tables.LoseMemory();
        Tables.Run("UPDATE signing.claim_mark SET horizon = horizon - 10");

        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(node, 1, latest));
        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(Node(), 1, latest));
    }

    [Fact]
    public async Task A_copy_of_the_database_that_takes_its_place_without_a_restart_remembers_nothing()
    {
        string name = "claims_" + SharedServer.NewSchema();
        Tables.Run($"CREATE DATABASE {name}");
        Assert.Equal(ReplayClaim.Claimed, await ClaimInAsync(name, 1));
        Tables.Run($"CREATE DATABASE {name}_copy TEMPLATE {name}");
        Assert.Equal(ReplayClaim.Claimed, await ClaimInAsync(name, 2));

        Tables.Run($"DROP DATABASE {name}");
        Tables.Run($"ALTER DATABASE {name}_copy RENAME TO {name}");

        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimInAsync(name, 2));
        Tables.Run($"DROP DATABASE {name}");
    }

    [Theory]
    [InlineData("UPDATE signing.claim_memory SET base = 0")]
    [InlineData("UPDATE signing.claim_memory SET home = 0")]
    [InlineData("UPDATE signing.claim_memory SET started = started - interval '1 microsecond'")]
    public async Task A_copy_of_a_memory_that_is_brought_back_remembers_nothing(string copied)
    {
        PostgreSqlReplayStore node = Node();
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1));

        // Accepted after the copy was made, so the copy does not know it.
        Tables.Run("DELETE FROM signing.claim");
        Tables.Run(copied);

        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(node, 1));
        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(Node(), 1));
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 2));
    }

    [Fact]
    public async Task Nodes_that_find_the_memory_lost_at_once_begin_one_and_claim_on_when_its_floor_has_passed()
    {
        PostgreSqlReplayStore[] nodes = [Node(), Node(), Node(), Node()];
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(nodes[0], 1));
        Tables.LoseMemory();

        ReplayClaim[] claims = await Task.WhenAll(nodes.Select(node => ClaimAsync(node, 1)));

        Assert.All(claims, claim => Assert.Equal(ReplayClaim.BeforeFloor, claim));
        Time.Advance(TimeSpan.FromSeconds(8));
        claims = await Task.WhenAll(nodes.Select(node => ClaimAsync(node, 2)));
        Assert.Single(claims, ReplayClaim.Claimed);
        Assert.Equal(3, claims.Count(claim => claim == ReplayClaim.AlreadyClaimed));
    }

    [Fact]
    public async Task A_memory_begins_with_the_start_of_a_node_and_not_with_its_first_caller()
    {
        Tables.LoseMemory();
        PostgreSqlReplayStore node = Node();

        await node.StartAsync(Cancellation);

        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1));
    }

    [Fact]
    public async Task After_a_crash_the_slots_that_are_empty_are_left_as_they_are()
    {
        Tables.LoseMemory();
        object? before = Files();

        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(Node(), 1));

        Assert.Equal(1L, Tables.Run("SELECT count(*) FROM signing.claim_memory"));
        Assert.Equal(before, Files());

        object? Files() => Tables.Run("SELECT string_agg(pg_relation_filenode(inhrelid)::text, ' ' ORDER BY inhrelid) FROM pg_inherits WHERE inhparent = 'signing.claim'::regclass");
    }

    [Fact]
    public async Task A_node_with_a_longer_window_begins_a_memory_that_is_long_enough()
    {
        VerificationPolicy longer = new() { MaxAge = TimeSpan.FromMinutes(10), FutureSkew = TimeSpan.FromSeconds(5) };
        PostgreSqlReplayStore before = Node();
        PostgreSqlReplayStore after = Tables.Store(longer, Time);
        DateTimeOffset created = Second(0);
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(before, 1, created));

        // Opening a later time makes it look at the window.
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(after, 1, created));
        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(before, 1, created));
        Time.Advance(TimeSpan.FromSeconds(10));
        created = Second(0);
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(after, 2, created));
        Time.Advance(TimeSpan.FromSeconds(600));
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(before, 3));
        Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(after, 2, created));
    }

    [Fact]
    public async Task Another_isolation_level_proves_nothing_and_grants_nothing()
    {
        NpgsqlConnectionStringBuilder connection = new(Server.ConnectionString) { Options = "-c default_transaction_isolation=repeatable\\ read" };
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connection);
        PostgreSqlReplayStore node = Tables.Store(Policy, Time, through: source);

        Assert.Equal(ReplayClaim.Unavailable, await ClaimAsync(node, 1));
    }

    // By a node of its own, which is gone when the claim is made.
    private async Task<ReplayClaim> ClaimInAsync(string database, UInt128 fingerprint)
    {
        NpgsqlConnectionStringBuilder connection = new(Server.ConnectionString) { Database = database, Pooling = false };
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connection);
        using ClaimTables tables = new(source, "signing");
        if ((await PostgreSqlMigrations.ApplyAsync(source, "signing", Cancellation)).Count > 0)
        {
            tables.BeginWithoutFloor(ClaimWindow.Of([Policy]), Time.GetUtcNow());
        }

        PostgreSqlReplayStore store = tables.Store(Policy, Time);
        return await ClaimAsync(store, fingerprint);
    }
}
