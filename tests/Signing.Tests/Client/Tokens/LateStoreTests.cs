using Microsoft.Extensions.DependencyInjection;
using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>A refresh that ends while its answer is being stored: the server has used up the old refresh token, so the new one must not be lost.</summary>
public sealed class LateStoreTests : TokenTestBase
{
    private readonly SlowStore _store = new();

    [Fact]
    public async Task A_token_that_came_at_the_last_moment_is_used_although_the_time_of_the_refresh_ends_while_it_is_stored()
    {
        AccessTokenSource source = SourceOf(Build(orders => orders.Services.AddSingleton<AccessTokenStore>(_store)));
        await source.GetAsync(Cancelled);
        await Server.Arrived.WaitAsync(Cancelled);
        Time.Advance(Unusable);
        Server.HangNext();
        Server.HangNext();
        TaskCompletionSource gate = Server.HoldNext();
        _store.Writing = new SemaphoreSlim(0);

        Task<AccessToken> waiting = source.GetAsync(Cancelled).AsTask();
        for (int attempt = 1; attempt < Backchannel.MaxAttempts; attempt++)
        {
            await Server.Arrived.WaitAsync(Cancelled);
            Time.Advance(Backchannel.AttemptTime);
        }

        await Server.Arrived.WaitAsync(Cancelled);
        Time.Advance(Backchannel.AttemptTime - TimeSpan.FromSeconds(1));
        gate.SetResult();
        await _store.Writing.WaitAsync(Cancelled);
        Time.Advance(GuardedStore.StepTime);

        Assert.Equal("access-2", (await waiting).Value);
        Time.Advance(Unusable);
        _store.Written.SetResult();
        Assert.Equal("access-3", (await source.GetAsync(Cancelled)).Value);
        Assert.Contains("refresh-2", Server.TokenRequests[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_is_disposed_of_while_its_token_is_stored_waits_for_that()
    {
        AccessTokenSource source = SourceOf(Build(orders => orders.Services.AddSingleton<AccessTokenStore>(_store)));
        await source.GetAsync(Cancelled);
        Time.Advance(Unusable);
        _store.Writing = new SemaphoreSlim(0);

        Task<AccessToken> waiting = source.GetAsync(Cancelled).AsTask();
        await _store.Writing.WaitAsync(Cancelled);
        Task disposing = source.DisposeAsync().AsTask();
        _store.Written.SetResult();
        await disposing;

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        Assert.Contains("refresh-2", _store.Text, StringComparison.Ordinal);
    }

    // Lets go of its connection when it is told to, as a database does.
    private sealed class SlowStore : AccessTokenStore
    {
        public string? Text { get; private set; }

        public SemaphoreSlim? Writing { get; set; }

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ValueTask<string?> ReadAsync(string name, CancellationToken cancellationToken) => new(Text);

        public override async ValueTask<bool> TryReplaceAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken)
        {
            if (Writing is not null)
            {
                Writing.Release();
                await Written.Task.WaitAsync(cancellationToken);
            }

            Text = replacement;
            return true;
        }
    }
}
