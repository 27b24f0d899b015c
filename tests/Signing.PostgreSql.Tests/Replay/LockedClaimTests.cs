using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>Slots that cannot be emptied as they usually are, because somebody else has to do with them.</summary>
public sealed class LockedClaimTests(SharedServer server) : ClaimTestBase(server)
{
    [Fact]
    public async Task A_backup_that_reads_every_table_for_longer_than_the_slots_last_stops_no_claim()
    {
        PostgreSqlReplayStore node = ImpatientNode();

        // What pg_dump holds from its first moment to its last.
        await using NpgsqlConnection backup = await BeginAsync("LOCK TABLE signing.claim, signing.claim_memory, signing.claim_mark IN ACCESS SHARE MODE");
        for (int second = 1; second <= 120; second++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, (UInt128)second));
            Assert.Equal(ReplayClaim.AlreadyClaimed, await ClaimAsync(node, (UInt128)second));
        }

        // All slots together, and no more: those that were used again are emptied all the same.
        Assert.InRange((long)Tables.Run("SELECT count(*) FROM signing.claim")!, 1, ClaimMemory.Slots * ClaimWindow.Of([Policy]).Width);
        Assert.NotEqual(ReplayClaim.Claimed, await ClaimAsync(node, 1, Second(-119)));
    }

    [Fact]
    public async Task A_memory_begins_while_a_backup_reads_every_table()
    {
        PostgreSqlReplayStore node = ImpatientNode();
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1));
        await using NpgsqlConnection backup = await BeginAsync("LOCK TABLE signing.claim, signing.claim_memory, signing.claim_mark IN ACCESS SHARE MODE");

        Tables.Run("DELETE FROM signing.claim_memory");

        Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(node, 1));
        Assert.Equal(0L, Tables.Run("SELECT count(*) FROM signing.claim"));
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 2));
    }

    [Fact]
    public async Task A_memory_begins_beside_claims_in_two_slots_and_neither_waits_for_the_other_in_a_ring()
    {
        PostgreSqlReplayStore node = ImpatientNode();
        Tables.LoseMemory();
        await using NpgsqlConnection claiming = await BeginAsync("INSERT INTO signing.claim (slot, fingerprint) VALUES (5, gen_random_uuid())");

        Task<ReplayClaim> beginning = ClaimAsync(node, 1);
        await Tables.WaitForWaitersAsync(1);
        await Tables.RunAsync(claiming, "INSERT INTO signing.claim (slot, fingerprint) VALUES (3, gen_random_uuid()); COMMIT");

        Assert.Equal(ReplayClaim.BeforeFloor, await beginning);
    }

    [Fact]
    public async Task Whoever_opens_the_next_second_in_advance_leaves_it_to_who_is_at_it_and_keeps_no_claim_waiting()
    {
        RecordedLog<PostgreSqlReplayStore> log = new();
        PostgreSqlReplayStore node = Tables.Store(Policy, Time, options => options.Claims.Timeout = TimeSpan.FromMilliseconds(2000), logger: log);
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1));
        await using NpgsqlConnection opening = await BeginAsync("SELECT FROM signing.claim_mark FOR UPDATE");

        // The last second that is open, and more claims than there are writers: were each to wait for the lock, so would the third.
        for (int i = 2; i <= 4; i++)
        {
            Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, (UInt128)i, Second(1)));
        }

        Assert.Empty(log.Lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("LOCK TABLE signing.claim IN ACCESS SHARE MODE;")]
    public async Task A_slot_in_which_somebody_is_claiming_is_not_emptied_under_them(string reading)
    {
        await using NpgsqlConnection reader = await BeginAsync(reading);
        await using NpgsqlConnection claiming = await BeginAsync("INSERT INTO signing.claim (slot, fingerprint) VALUES (3, gen_random_uuid())");

        PostgresException refusal = Assert.Throws<PostgresException>(() => Tables.Run("SET lock_timeout = '300ms'; SELECT signing.clear_claims('{3}')"));

        Assert.Equal(PostgresErrorCodes.LockNotAvailable, refusal.SqlState);
        await Tables.RunAsync(claiming, "COMMIT");
        Assert.Equal(1L, Tables.Run("SELECT count(*) FROM signing.claim"));
        Tables.Run("SELECT signing.clear_claims('{3}')");
        Assert.Equal(0L, Tables.Run("SELECT count(*) FROM signing.claim"));
    }

    [Fact]
    public async Task A_replay_that_is_held_up_while_its_slot_is_emptied_row_by_row_is_not_granted()
    {
        PostgreSqlReplayStore node = Node();
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1));
        await using NpgsqlConnection rotation = await BeginAsync($"LOCK TABLE {SlotOf(Second(0))} IN SHARE ROW EXCLUSIVE MODE");

        Task<ReplayClaim> replay = ClaimAsync(node, 1);
        await Tables.WaitForWaitersAsync(1);
        await Tables.RunAsync(rotation, $"DELETE FROM {SlotOf(Second(0))}; UPDATE signing.claim_memory SET cleared = cleared + 32; COMMIT");

        Assert.Equal(ReplayClaim.BeforeFloor, await replay);
    }

    [Theory]
    [InlineData("claims.lock")]
    [InlineData("claims.lock-if-free")]
    public async Task A_node_that_stops_while_it_changes_the_memory_does_not_stop_the_others_for_long(string statement)
    {
        PostgreSqlReplayStore node = ImpatientNode();
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1));
        await using NpgsqlConnection stopped = await Tables.Source.OpenConnectionAsync(Cancellation);
        await using NpgsqlTransaction transaction = await LockAsync(stopped, statement);
        Time.Advance(TimeSpan.FromSeconds(10));

        long began = Stopwatch.GetTimestamp();
        while (await ClaimAsync(node, 2) != ReplayClaim.Claimed)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "One node that says nothing any more keeps all from claiming.");
        }
    }

    [Theory]
    [InlineData("claims.lock")]
    [InlineData("claims.lock-if-free")]
    public async Task Whoever_changes_the_memory_waits_for_the_disk_however_the_user_commits_and_for_no_lock_for_longer_than_a_claim_may(string statement)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Options = "-c synchronous_commit=off" });
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(Cancellation);
        await using NpgsqlTransaction transaction = await LockAsync(connection, statement);
        await using NpgsqlCommand command = new("SELECT current_setting('synchronous_commit') || ' ' || current_setting('lock_timeout')", connection);

        Assert.Equal("on 500ms", await command.ExecuteScalarAsync(Cancellation));
    }

    // It does not wait for a lock for longer than a test wants to.
    private PostgreSqlReplayStore ImpatientNode() => Node(options => options.Claims.Timeout = TimeSpan.FromMilliseconds(2000));

    private async Task<NpgsqlTransaction> LockAsync(NpgsqlConnection connection, string statement)
    {
        var database = new Database(Tables.Source, new PostgreSqlOptions { Schema = Tables.Schema });
        NpgsqlTransaction transaction = await Database.BeginAsync(connection, Cancellation);
        await using NpgsqlCommand command = database.Command(statement, connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<string>("patience", NpgsqlDbType.Text) { TypedValue = "500" });
        await command.ExecuteNonQueryAsync(Cancellation);
        return transaction;
    }

    private async Task<NpgsqlConnection> BeginAsync(string statement)
    {
        NpgsqlConnection connection = await Tables.Source.OpenConnectionAsync(Cancellation);
        await Tables.RunAsync(connection, "BEGIN;" + statement);
        return connection;
    }
}
