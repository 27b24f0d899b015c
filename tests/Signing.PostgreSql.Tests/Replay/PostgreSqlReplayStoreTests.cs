using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Replay;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>The contract of every replay store, by a real database whose clock is the test's.</summary>
public sealed class PostgreSqlReplayStoreTests(SharedServer server) : ReplayStoreContract, IAsyncLifetime
{
    private ClaimTables _tables = null!;

    public async ValueTask InitializeAsync() => _tables = await ClaimTables.MakeAsync(server);

    public ValueTask DisposeAsync()
    {
        _tables.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override IReplayStore Start(int capacity = 4096, bool floorAtStart = false)
    {
        _tables.LoseMemory();
        if (!floorAtStart)
        {
            _tables.BeginWithoutFloor(ClaimWindow.Of([Policy]), Time.GetUtcNow());
        }

        return _tables.Store(Policy, Time, options => options.Claims.Capacity = capacity);
    }
}
