using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>What ends while a token is fetched: the source, or the handlers of a client.</summary>
[Collection(Alone.Name)]
public sealed class DisposalTests : TokenTestBase
{
    [Theory]
    [Trait("Scenario", "19")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_during_a_refresh_ends_its_callers_and_leaves_no_exception_unobserved(bool atOnce)
    {
        Assert.Empty(await UnobservedOfAsync(() => DisposeWhileRefreshingAsync(atOnce)));
    }

    [Fact]
    [Trait("Scenario", "18")]
    public async Task A_store_that_fails_when_nobody_waits_for_it_any_more_leaves_no_exception_unobserved() =>
        Assert.Empty(await UnobservedOfAsync(GiveUpAStoreAsync));

    [Fact]
    public async Task A_source_that_is_disposed_of_gives_nothing_and_may_be_disposed_of_twice()
    {
        ServiceProvider services = Build();
        AccessTokenSource source = SourceOf(services);
        await source.GetAsync(Cancelled);

        await source.DisposeAsync();
        source.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => source.GetAsync(Cancelled).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ClientOf(services).GetAsync(Server.Address, Cancelled));
    }

    [Fact]
    [Trait("Scenario", "19")]
    public async Task Handlers_that_come_and_go_share_the_token_and_its_refresh()
    {
        ServiceProvider services = Build();
        TaskCompletionSource gate = Server.HoldNext();
        HttpMessageInvoker old = Handlers(services);
        HttpMessageInvoker young = Handlers(services);

        Task<HttpResponseMessage> first = old.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);
        Task<HttpResponseMessage> second = young.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);
        await Server.Arrived.WaitAsync(Cancelled);
        young.Dispose();
        gate.SetResult();
        using HttpResponseMessage response = await first;
        await Record.ExceptionAsync(() => second);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(200, await StatusOfAsync(ClientOf(services)));
        Assert.Equal(1, Server.TokenCalls);
        old.Dispose();
    }

    [Fact]
    public async Task A_client_that_is_disposed_of_while_its_token_is_fetched_ends_alone_and_says_so_afterwards()
    {
        await using var source = new AccessTokenSource(
            new AccessTokenOptions { Key = KeyId, Secret = Secret, Endpoints = new AccessTokenEndpoints { Login = new Uri(Server.Address, "/auth/login"), Refresh = new Uri(Server.Address, "/auth/refresh"), Revoke = null } },
            timeProvider: Time);
        var handler = new AccessTokenHandler(source);
        var leaving = new HttpClient(handler);
        using var staying = new HttpClient(new AccessTokenHandler(source));
        TaskCompletionSource gate = Server.HoldNext();

        Task<HttpResponseMessage> left = leaving.GetAsync(Server.Address, Cancelled);
        Task<HttpResponseMessage> stayed = staying.GetAsync(Server.Address, Cancelled);
        await Server.Arrived.WaitAsync(Cancelled);
        leaving.Dispose();
        await Assert.ThrowsAsync<TaskCanceledException>(() => left);
        gate.SetResult();
        using HttpResponseMessage response = await stayed;

        Assert.Equal((200, 1), ((int)response.StatusCode, Server.TokenCalls));
        using var again = new HttpMessageInvoker(handler, disposeHandler: false);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => again.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled));
    }

    [Fact]
    public async Task Two_sources_of_the_same_token_end_each_for_itself()
    {
        ServiceProvider services = Build(orders => orders.Services.AddHttpClient("twin", client => client.BaseAddress = Server.Address).AddAccessToken(KeyId, Secret));
        AccessTokenSource twin = SourceOf(services, "twin");
        await twin.GetAsync(Cancelled);
        AccessTokenSource source = SourceOf(services);
        await source.GetAsync(Cancelled);

        await twin.DisposeAsync();
        Time.Advance(Unusable);

        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
        Assert.Equal((1, 1), (Server.Logins, Server.Refreshes));
    }

    private static async Task<List<Exception>> UnobservedOfAsync(Func<Task> run)
    {
        var unobserved = new List<Exception>();
        void Observe(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved.Add(e.Exception);
        TaskScheduler.UnobservedTaskException += Observe;
        try
        {
            // On a stack of its own, so that nothing of it is still held here.
            await Task.Run(run, Cancelled);
            await Task.Yield();
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Observe;
        }

        return unobserved;
    }

    private async Task GiveUpAStoreAsync()
    {
        using var called = new SemaphoreSlim(0);
        var late = new TaskCompletionSource();
        var store = new SharedTokenStore
        {
            Before = () =>
            {
                called.Release();
                return late.Task;
            },
        };
        Task<AccessToken> waiting = SourceOf(Build(orders => orders.Services.AddSingleton<AccessTokenStore>(store))).GetAsync(Cancelled).AsTask();
        await called.WaitAsync(Cancelled);
        Time.Advance(GuardedStore.StepTime);
        await waiting;
        late.SetException(new InvalidOperationException("Too late."));
    }

    private async Task DisposeWhileRefreshingAsync(bool atOnce)
    {
        AccessTokenSource source = SourceOf(Build());
        await source.GetAsync(Cancelled);
        await Server.Arrived.WaitAsync(Cancelled);
        Time.Advance(Unusable);
        Server.HangNext();
        Task<AccessToken>[] waiting = [.. Enumerable.Range(0, 100).Select(_ => source.GetAsync(Cancelled).AsTask())];
        await Server.Arrived.WaitAsync(Cancelled);

        if (atOnce)
        {
            source.Dispose();
        }
        else
        {
            await source.DisposeAsync();
        }

        foreach (Task<AccessToken> caller in waiting)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => caller);
        }
    }

    // As the client factory builds one when the one before has come of age.
    private static HttpMessageInvoker Handlers(ServiceProvider services)
    {
        HttpMessageHandlerBuilder builder = services.GetRequiredService<HttpMessageHandlerBuilder>();
        builder.Name = "orders";
        services.GetServices<IHttpMessageHandlerBuilderFilter>().First().Configure(static _ => { })(builder);
        return new HttpMessageInvoker(builder.Build());
    }
}
