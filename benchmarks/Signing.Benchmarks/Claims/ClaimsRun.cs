using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Signing.AspNetCore;
using Signing.Benchmarks.Quick;
using Signing.Benchmarks.Server;
using Signing.PostgreSql;
using Signing.PostgreSql.Tests.Support;

namespace Signing.Benchmarks.Claims;

/// <summary>Prints how many claims per second PostgreSQL takes, one row at a time and coalesced, and what is left of it for whole requests.</summary>
internal static class ClaimsRun
{
    private const string Schema = "claims_benchmark";

    // As many as a pool of Npgsql has unless told otherwise.
    private const int MaxConnections = 100;
    private static readonly VerificationPolicy Policy = new();
    private static readonly int[] Callers = [1, 32, 256];

    /// <param name="connection">A database to use, in a schema of its own; <see langword="null"/> starts a server.</param>
    /// <returns>0 if every bar is met and no claim failed, otherwise 1.</returns>
    public static async Task<int> RunAsync(string? connection)
    {
        PostgreSqlServer? server = connection is null ? await PostgreSqlServer.StartAsync("max_connections=150") : null;
        try
        {
            var address = new NpgsqlConnectionStringBuilder(connection ?? server!.ConnectionString) { MaxPoolSize = MaxConnections + 20 };
            await using NpgsqlDataSource source = NpgsqlDataSource.Create(address);
            return await MeasureAsync(source) ? 0 : 1;
        }
        finally
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static async Task<bool> MeasureAsync(NpgsqlDataSource source)
    {
        await PostgreSqlMigrations.ApplyAsync(source, Schema);
        ClaimWindow window = ClaimWindow.Of([Policy]);
        await using ServiceProvider meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using PostgreSqlReplayStore coalesced = Coalesced(source, window, meters.GetRequiredService<IMeterFactory>());
        await using var singleRow = new SingleRowStore(source, Schema, window.Width, MaxConnections);
        await singleRow.MakeTableAsync();

        // A new memory refuses what a former one may have granted.
        while (!await ClaimAsync(coalesced))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }

        Console.WriteLine($"{Environment.ProcessorCount} processors, shared with the database; each claim is new; medians of {Comparison.Rounds} rounds in turn");
        List<Bar> bars = [];
        bool isComplete = true;
        Comparison.PrintHead("claims");
        foreach (int callers in Callers)
        {
            var comparison = await Comparison.RunAsync(callers, [("single row", () => ClaimAsync(singleRow)), ("coalesced", () => ClaimAsync(coalesced))]);
            isComplete &= comparison.Print();
            comparison.AddTo(bars);
        }

        Comparison.PrintHead("requests through UseMessageSignature, their signing included");
        foreach (int callers in Callers)
        {
            isComplete &= (await CompareRequestsAsync(callers, singleRow, coalesced)).Print();
        }

        Console.WriteLine();
        bars.ForEach(Console.WriteLine);
        return isComplete && bars.TrueForAll(bar => bar.IsMet);
    }

    private static async Task<Comparison> CompareRequestsAsync(int callers, IReplayStore singleRow, IReplayStore coalesced)
    {
        using var workload = new Workload();
        var memory = new InMemoryReplayStore(Policy, new ReplayOptions { Capacity = 1 << 24, FloorAtStart = false });
        using Pipeline withMemory = Through(memory);
        using Pipeline withSingleRow = Through(singleRow);
        using Pipeline withCoalesced = Through(coalesced);
        return await Comparison.RunAsync(
            callers,
            [
                ("memory of the process", () => RequestAsync(withMemory)), ("PostgreSQL, single row", () => RequestAsync(withSingleRow)),
                ("PostgreSQL, coalesced", () => RequestAsync(withCoalesced)),
            ]);

        Pipeline Through(IReplayStore replay) => new(workload, static app => app.UseMessageSignature(), replay);

        async Task<bool> RequestAsync(Pipeline pipeline) => await pipeline.RunAsync(workload.SignGet()) == 200;
    }

    private static PostgreSqlReplayStore Coalesced(NpgsqlDataSource source, ClaimWindow window, IMeterFactory meters)
    {
        var options = new PostgreSqlOptions { Schema = Schema };
        options.Claims.Capacity = ClaimOptions.MaxCapacity;
        options.Claims.Timeout = TimeSpan.FromSeconds(10);
        return new PostgreSqlReplayStore(new Database(source, options), () => window, new ClaimHealth(NullLogger.Instance, new ClaimMetrics(meters)), TimeProvider.System);
    }

    private static async Task<bool> ClaimAsync(IReplayStore store)
    {
        var fingerprint = new UInt128((ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64());
        return await store.TryClaimAsync(fingerprint, Workload.KeyId, TimeProvider.System.GetUtcNow(), CancellationToken.None) == ReplayClaim.Claimed;
    }
}
