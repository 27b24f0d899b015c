using System.Globalization;
using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>Tables without a floor, a clock that the test moves, and signatures to claim.</summary>
public abstract class ClaimTestBase(SharedServer server) : IAsyncLifetime
{
    protected static readonly VerificationPolicy Policy = new() { MaxAge = TimeSpan.FromSeconds(60), FutureSkew = TimeSpan.FromSeconds(5) };

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected ManualTimeProvider Time { get; } = new();

    protected SharedServer Server => server;

    private protected ClaimTables Tables { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Tables = await ClaimTables.MakeAsync(server);
        Tables.BeginWithoutFloor(ClaimWindow.Of([Policy]), Time.GetUtcNow());
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Tables.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected PostgreSqlReplayStore Node(Action<PostgreSqlOptions>? configure = null) => Tables.Store(Policy, Time, configure);

    protected DateTimeOffset Second(int fromNow) => DateTimeOffset.FromUnixTimeSeconds(Time.GetUtcNow().ToUnixTimeSeconds() + fromNow);

    protected Task<ReplayClaim> ClaimAsync(IReplayStore store, UInt128 fingerprint, DateTimeOffset? created = null, string key = "key") =>
        store.TryClaimAsync(fingerprint, key, created ?? Second(0), Cancellation).AsTask();

    /// <summary>Holds the slot of a time against everybody, until the transaction ends.</summary>
    protected async Task<NpgsqlConnection> HoldAsync(DateTimeOffset created)
    {
        NpgsqlConnection connection = await Tables.Source.OpenConnectionAsync(Cancellation);
        await Tables.RunAsync(connection, $"BEGIN; LOCK TABLE {SlotOf(created)} IN ACCESS EXCLUSIVE MODE");
        return connection;
    }

    /// <summary>Has both writers of a node wait with a claim each, by what tells how many wait.</summary>
    protected async Task<Task<ReplayClaim>[]> OccupyAsync(IReplayStore node, Func<int, Task> waitForWaiters, UInt128 first, UInt128 second)
    {
        // One after the other: a writer that has just ended may still take both at once.
        Task<ReplayClaim> one = ClaimAsync(node, first);
        await waitForWaiters(1);
        Task<ReplayClaim> other = ClaimAsync(node, second);
        await waitForWaiters(2);
        return [one, other];
    }

    protected static string SlotOf(DateTimeOffset created) =>
        string.Create(CultureInfo.InvariantCulture, $"signing.claim_{created.ToUnixTimeSeconds() / ClaimWindow.Of([Policy]).Width % ClaimMemory.Slots}");
}
