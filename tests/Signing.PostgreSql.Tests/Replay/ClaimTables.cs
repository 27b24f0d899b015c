using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>The tables of one test's claims, and the nodes that share them.</summary>
internal sealed class ClaimTables(NpgsqlDataSource source, string schema) : IDisposable
{
    private readonly List<PostgreSqlReplayStore> _stores = [];
    private readonly RecordedLog<PostgreSqlReplayStore> _log = new();

    public NpgsqlDataSource Source => source;

    public string Schema => schema;

    public static async Task<ClaimTables> MakeAsync(SharedServer server) => new(server.Source, await server.MakeSchemaAsync());

    /// <summary>Makes the store of one more node.</summary>
    public PostgreSqlReplayStore Store(
        VerificationPolicy policy, TimeProvider? clock = null, Action<PostgreSqlOptions>? configure = null, NpgsqlDataSource? through = null, ILogger? logger = null)
    {
        PostgreSqlOptions options = new() { Schema = schema };
        options.Claims.Timeout = TimeSpan.FromSeconds(20);
        configure?.Invoke(options);
        IMeterFactory meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        _stores.Add(new PostgreSqlReplayStore(
            new Database(through ?? source, options, clock), () => ClaimWindow.Of([policy]), new ClaimHealth(logger ?? _log, new ClaimMetrics(meters)), clock ?? TimeProvider.System));
        return _stores[^1];
    }

    /// <summary>Does what a crash does to unlogged tables, which are locked in the order in which a node locks them.</summary>
    public void LoseMemory() => Run("TRUNCATE signing.claim_memory, signing.claim");

    /// <summary>Begins a memory that remembers from long ago on, of which everything is still there.</summary>
    public void BeginWithoutFloor(ClaimWindow window, DateTimeOffset now)
    {
        long width = window.Width;
        long cleared = ((now.ToUnixTimeSeconds() - window.Length - 1) / width) + ClaimMemory.Slots - 1;
        Run(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            INSERT INTO signing.claim_memory (base, home, started, floor, cleared, width, length)
            SELECT oid, 'signing.claim_memory'::regclass, pg_postmaster_start_time(), 0, {cleared}, {width}, {window.Length} FROM pg_database WHERE datname = current_database()
            """));
    }

    public object? Run(string text)
    {
        using NpgsqlCommand command = source.CreateCommand(Text(text));
        return command.ExecuteScalar();
    }

    /// <summary>Runs a statement in a transaction that stays open.</summary>
    public async Task RunAsync(NpgsqlConnection connection, string text)
    {
        await using NpgsqlCommand command = new(Text(text), connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until so many sessions wait for a lock on the claims of this schema.</summary>
    public async Task WaitForWaitersAsync(int count)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using NpgsqlCommand command = new(
            $"SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND relation IN (SELECT oid FROM pg_class WHERE relnamespace = '{schema}'::regnamespace)", connection);
        long began = Stopwatch.GetTimestamp();
        while ((long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))! < count)
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
            {
                Assert.Fail($"Too few sessions wait. What the nodes have said:\n{string.Join('\n', _log.Lines)}");
            }
        }
    }

    public void Dispose() => _stores.ForEach(store => store.Dispose());

    private string Text(string text) => text.Replace("signing.", schema + ".", StringComparison.Ordinal);
}
