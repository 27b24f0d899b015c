using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>A server that dies under load, or has no room for anybody, and comes back.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private const string Schema = "signing";

    // A short skew, as signatures of one skew after the crash are refused.
    private static readonly VerificationPolicy Policy = new() { MaxAge = TimeSpan.FromSeconds(60), FutureSkew = TimeSpan.FromSeconds(1) };

    private readonly RecordedLog<PostgreSqlReplayStore> _log = new();
    private readonly List<NpgsqlDataSource> _sources = [];
    private PostgreSqlServer _server = null!;
    private ClaimTables _tables = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgreSqlServer.StartAsync("max_connections=20", "superuser_reserved_connections=0");
        _tables = new ClaimTables(Source(), Schema);
        await PostgreSqlMigrations.ApplyAsync(_tables.Source, Schema, Cancellation);
        _tables.BeginWithoutFloor(ClaimWindow.Of([Policy]), TimeProvider.System.GetUtcNow());
    }

    public async ValueTask DisposeAsync()
    {
        _tables.Dispose();
        foreach (NpgsqlDataSource source in _sources)
        {
            await source.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Across_a_crash_of_the_server_nothing_is_granted_twice_and_nodes_claim_on_by_themselves()
    {
        var load = new ClaimLoad([Node(), Node()], callersOfEach: 16);
        await load.WaitForGrantsAsync(500);

        await _server.KillAsync();
        await load.WaitForRefusalsAsync(100);
        await _server.StartAgainAsync();
        int before = load.Granted;
        await load.WaitForGrantsAsync(500);

        ISet<ReplayClaim> replayed = await load.StopAsync();
        Assert.True(before >= 1000, "The load was not under way.");
        Assert.Empty(load.GrantedTwice);
        Assert.Subset(new HashSet<ReplayClaim> { ReplayClaim.AlreadyClaimed, ReplayClaim.BeforeFloor }, replayed);
        Assert.Contains(ReplayClaim.BeforeFloor, replayed);

        // To all that was new: 503 at worst.
        Assert.Subset(new HashSet<ReplayClaim> { ReplayClaim.Claimed, ReplayClaim.Unavailable, ReplayClaim.BeforeFloor }, load.First.Keys.ToHashSet());
        Assert.Single(_log.Lines, line => line.StartsWith("Warning: PostgreSQL does not remember", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_connection_to_be_had_nothing_is_granted_until_there_is_one()
    {
        var load = new ClaimLoad([Node(), Node()], callersOfEach: 4);
        await load.WaitForGrantsAsync(100);

        // Whatever the nodes lose is taken at once.
        await using (NpgsqlDataSource others = NpgsqlDataSource.Create(_server.ConnectionString))
        {
            await using NpgsqlConnection first = await others.OpenConnectionAsync(Cancellation);
            List<NpgsqlConnection> taken = await TakeAllAsync(others, first);
            await load.WaitForRefusalsAsync(100);
            foreach (NpgsqlConnection connection in taken)
            {
                await connection.DisposeAsync();
            }
        }

        await load.WaitForGrantsAsync(100);
        ISet<ReplayClaim> replayed = await load.StopAsync();
        Assert.Empty(load.GrantedTwice);
        Assert.Equal([ReplayClaim.AlreadyClaimed], replayed);
        Assert.Subset(new HashSet<ReplayClaim> { ReplayClaim.Claimed, ReplayClaim.Unavailable }, load.First.Keys.ToHashSet());
    }

    private static async Task<List<NpgsqlConnection>> TakeAllAsync(NpgsqlDataSource source, NpgsqlConnection first)
    {
        List<NpgsqlConnection> taken = [];
        await using NpgsqlCommand end = new("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> ALL (@mine)", first);
        NpgsqlParameter mine = end.Parameters.Add(new NpgsqlParameter("mine", Array.Empty<int>()));
        long ended;
        do
        {
            mine.Value = taken.Append(first).Select(connection => connection.ProcessID).ToArray();
            ended = (long)(await end.ExecuteScalarAsync(Cancellation))!;
            try
            {
                while (true)
                {
                    taken.Add(await source.OpenConnectionAsync(Cancellation));
                }
            }
            catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                // Taken by the nodes or by us.
            }
        }
        while (ended > 0);

        return taken;
    }

    private PostgreSqlReplayStore Node() => _tables.Store(Policy, through: Source(), logger: _log);

    private NpgsqlDataSource Source()
    {
        _sources.Add(NpgsqlDataSource.Create(_server.ConnectionString));
        return _sources[^1];
    }
}
