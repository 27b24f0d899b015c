using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>Tokens that several processes share, and stores that fail.</summary>
public sealed class TokenStoreTests : TokenTestBase
{
    private readonly SharedTokenStore _store = new();

    [Fact]
    public async Task A_second_process_takes_the_token_of_the_first_without_a_login()
    {
        AccessTokenSource first = NewProcess();
        AccessTokenSource second = NewProcess();

        Assert.Equal("access-1", (await first.GetAsync(Cancelled)).Value);
        Time.Advance(TimeSpan.FromSeconds(100));
        AccessToken taken = await second.GetAsync(Cancelled);

        Assert.Equal("access-1", taken.Value);
        Assert.Equal((await first.GetAsync(Cancelled)).ExpiresAt, taken.ExpiresAt, TimeSpan.FromSeconds(1));
        Assert.Equal(1, Server.TokenCalls);
        Assert.Equal(64, _store.Name!.Length);

        // It is as old as it is, not as young as it was taken.
        Time.Advance(Unusable - TimeSpan.FromSeconds(100));
        Assert.Equal("access-2", (await second.GetAsync(Cancelled)).Value);
    }

    [Fact]
    public async Task What_another_process_left_there_is_refreshed_where_it_is_too_old_and_not_what_was_held_before()
    {
        AccessTokenSource first = NewProcess();
        AccessTokenSource second = NewProcess();
        await first.GetAsync(Cancelled);

        Time.Advance(Unusable);
        Assert.Equal("access-2", (await second.GetAsync(Cancelled)).Value);
        Time.Advance(Unusable);
        Assert.Equal("access-3", (await first.GetAsync(Cancelled)).Value);

        Assert.Equal((1, 2), (Server.Logins, Server.Refreshes));
        Assert.Equal(["refresh-1", "refresh-2"], Server.TokenRequests[1..].Select(request => request.Text.Split('"')[3]));
    }

    [Fact]
    [Trait("Scenario", "17")]
    public async Task Two_processes_that_refresh_at_once_end_with_the_same_successor()
    {
        AccessTokenSource[] processes = [NewProcess(), NewProcess()];
        await processes[0].GetAsync(Cancelled);
        await processes[1].GetAsync(Cancelled);
        Time.Advance(Unusable);

        // The server gives both the same answer; neither gets it before both have asked.
        string? successor = null;
        int asked = 0;
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task Answer(HttpContext context)
        {
            if (Interlocked.Increment(ref asked) == 2)
            {
                successor = Server.Grant();
                both.SetResult();
            }

            await both.Task.WaitAsync(context.RequestAborted);
            await TokenServer.WriteAsync(context, 200, successor!);
        }

        Server.Next(Answer);
        Server.Next(Answer);
        AccessToken[] tokens = await Task.WhenAll(processes.Select(process => process.GetAsync(Cancelled).AsTask()));

        Assert.All(tokens, token => Assert.Equal("access-2", token.Value));
        Assert.Equal((1, 2), (Server.Logins, Server.Refreshes));
        Time.Advance(Unusable);
        Assert.Equal("access-3", (await processes[0].GetAsync(Cancelled)).Value);
        Assert.Equal("access-3", (await processes[1].GetAsync(Cancelled)).Value);
        Assert.Equal((1, 3), (Server.Logins, Server.Refreshes));
    }

    [Theory]
    [Trait("Scenario", "17")]
    [Trait("Scenario", "10")]
    [InlineData("""{"error":"invalid_grant"}""", 400)]
    [InlineData("""{"access_token":"access-late","expires_in":900}""", 200)]
    public async Task Whoever_comes_second_takes_the_token_of_the_first(string answer, int status)
    {
        AccessTokenSource first = NewProcess();
        AccessTokenSource second = NewProcess();
        await first.GetAsync(Cancelled);
        await second.GetAsync(Cancelled);
        await Server.Arrived.WaitAsync(Cancelled);
        Time.Advance(Unusable);
        TaskCompletionSource gate = Server.HoldNext(context => TokenServer.WriteAsync(context, status, answer));

        Task<AccessToken> late = second.GetAsync(Cancelled).AsTask();
        await Server.Arrived.WaitAsync(Cancelled);
        Assert.Equal("access-2", (await first.GetAsync(Cancelled)).Value);
        gate.SetResult();

        Assert.Equal("access-2", (await late).Value);
        Assert.Equal((1, 2), (Server.Logins, Server.Refreshes));
    }

    [Fact]
    public async Task A_token_that_was_refused_is_not_taken_from_the_store_again()
    {
        AccessTokenSource first = NewProcess();
        AccessTokenSource second = NewProcess();
        AccessToken refused = await first.GetAsync(Cancelled);
        await second.GetAsync(Cancelled);

        Assert.Equal("access-2", (await first.GetAsync(refused, Cancelled)).Value);

        // The second process finds it there when it is refused with the same one.
        Assert.Equal("access-2", (await second.GetAsync(await second.GetAsync(Cancelled), Cancelled)).Value);
        Assert.Equal((1, 1), (Server.Logins, Server.Refreshes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_all_tokens_of_a_login_are_revoked_those_of_the_other_process_too_no_caller_notices(bool isSynchronous)
    {
        ServiceProvider first = Process();
        ServiceProvider second = Process();
        AccessToken old = await SourceOf(first).GetAsync(Cancelled);
        await SourceOf(second).GetAsync(Cancelled);
        await SourceOf(first).GetAsync(old, Cancelled);
        Server.Accepted = "another";

        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
        using HttpResponseMessage response = isSynchronous ? ClientOf(second).Send(request, Cancelled) : await ClientOf(second).SendAsync(request, Cancelled);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(["Bearer access-1", "Bearer access-2", "Bearer access-3"], Server.ApiRequests.Select(sent => sent["authorization"]));

        // One that is issued and refused as well ends it.
        Server.Accepted = "another";
        Assert.Equal(401, await StatusOfAsync(ClientOf(second)));
        Assert.Equal(4, Server.ApiCalls);
    }

    [Fact]
    public async Task A_token_that_was_refused_is_not_news_when_the_store_kept_it_but_its_answer_was_lost()
    {
        AccessTokenSource source = NewProcess();
        _store.After = static () => throw new InvalidOperationException("The connection to the store broke off.");
        AccessToken refused = await source.GetAsync(Cancelled);
        _store.After = static () => { };
        Assert.Contains(refused.Value, _store.Text, StringComparison.Ordinal);

        Assert.Equal("access-2", (await source.GetAsync(refused, Cancelled)).Value);
        Assert.Equal((1, 1), (Server.Logins, Server.Refreshes));
    }

    [Theory]
    [Trait("Scenario", "18")]
    [InlineData("down")]
    [InlineData("slow")]
    public async Task A_store_that_is_down_or_slow_is_passed_by_and_nothing_in_it_is_touched(string how)
    {
        AccessTokenSource writer = NewProcess();
        await writer.GetAsync(Cancelled);
        string text = _store.Text!;
        using var called = new SemaphoreSlim(0);
        var never = new TaskCompletionSource();
        _store.Before = () =>
        {
            called.Release();
            return how == "down" ? throw new InvalidOperationException("The store is down.") : never.Task;
        };
        AccessTokenSource source = NewProcess();

        Task<AccessToken> waiting = source.GetAsync(Cancelled).AsTask();
        await called.WaitAsync(Cancelled);
        Time.Advance(GuardedStore.StepTime);

        Assert.Equal("access-2", (await waiting).Value);
        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
        await Log.UntilAsync(StoreFailed);
        Assert.Equal((text, 1), (_store.Text, _store.Writes));
        Assert.Equal((2, 2), (Server.Logins, Server.TokenCalls));

        // Back again, it holds what is older than what the process has in memory.
        _store.Before = static () => Task.CompletedTask;
        Time.Advance(Unusable);
        Assert.Equal("access-3", (await source.GetAsync(Cancelled)).Value);
        never.SetException(new InvalidOperationException("Too late."));
    }

    [Theory]
    [Trait("Scenario", "18")]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"access_token":"access-0","refresh_token":null,"issued_at_ms":1,"lifetime_ms":"long"}""")]
    [InlineData("""{"access_token":"access-0\r\nX-Evil: 1","refresh_token":null,"issued_at_ms":1893499200000,"lifetime_ms":900000}""")]
    [InlineData("""{"access_token":"access-0","refresh_token":null,"issued_at_ms":9223372036854775807,"lifetime_ms":900000}""")]
    [InlineData("""{"access_token":"access-0","refresh_token":null,"issued_at_ms":1893499200000,"lifetime_ms":-1}""")]
    public async Task What_a_store_has_corrupted_is_passed_by_and_left_there(string text)
    {
        _store.Text = text;
        AccessTokenSource source = NewProcess();

        Assert.Equal("access-1", (await source.GetAsync(Cancelled)).Value);
        await Log.UntilAsync(StoreIsCorrupt);
        Assert.Equal((text, 0), (_store.Text, _store.Writes));
        Time.Advance(Unusable);
        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
        Assert.Equal((1, 1), (Server.Logins, Server.Refreshes));
    }

    [Fact]
    [Trait("Scenario", "18")]
    public async Task What_is_in_memory_wins_over_the_store_when_writing_to_it_has_failed()
    {
        AccessTokenSource source = NewProcess();
        await source.GetAsync(Cancelled);
        Time.Advance(Unusable);
        int step = 0;
        _store.Before = () => ++step == 2 ? throw new InvalidOperationException("The store is full.") : Task.CompletedTask;
        await source.GetAsync(Cancelled);
        Time.Advance(Unusable);
        await source.GetAsync(Cancelled);

        Assert.Equal((1, 2), (Server.Logins, Server.Refreshes));
        Assert.Contains("refresh-2", Server.TokenRequests[^1].Text, StringComparison.Ordinal);
        Assert.Contains("access-3", _store.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Scenario", "18")]
    public async Task What_this_process_left_in_the_store_is_no_news_after_the_store_was_away()
    {
        AccessTokenSource source = NewProcess();
        await source.GetAsync(Cancelled);
        Time.Advance(Unusable);
        FailAt(step: 1);
        await source.GetAsync(Cancelled);
        Assert.Contains("access-1", _store.Text, StringComparison.Ordinal);

        // Its refresh token is used up: sent again, it would end the login.
        Time.Advance(Unusable);
        Assert.Equal("access-3", (await source.GetAsync(Cancelled)).Value);
        Assert.Equal((1, 2), (Server.Logins, Server.Refreshes));
        Assert.Contains("access-3", _store.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Scenario", "18")]
    public async Task What_this_process_left_in_the_store_is_no_news_either_when_its_refresh_token_is_refused()
    {
        AccessTokenSource source = NewProcess();
        AccessToken refused = await source.GetAsync(Cancelled);
        FailAt(step: 1);
        refused = await source.GetAsync(refused, Cancelled);
        Time.Advance(Backoff.Longest);
        Server.Next(400, """{"error":"invalid_grant"}""");
        FailAt(step: 1);

        Assert.Equal("access-3", (await source.GetAsync(refused, Cancelled)).Value);
    }

    [Fact]
    public async Task The_name_in_the_store_depends_on_what_the_token_is_for_and_not_on_the_secret()
    {
        var names = new List<string>();
        foreach (Action<AccessTokenOptions> change in (Action<AccessTokenOptions>[])
            [static _ => { }, static options => options.Secret += "!", static options => options.SharingKey = "a", static options => options.Scopes = ["a"], static options => options.Key = "other"])
        {
            await NewProcess(change).GetAsync(Cancelled);
            names.Add(_store.Name!);
            _store.Text = null;
        }

        Assert.Equal(names[0], names[1]);
        Assert.Equal(4, names.Distinct(StringComparer.Ordinal).Count());
    }

    private void FailAt(int step)
    {
        int steps = 0;
        _store.Before = () => ++steps == step ? throw new InvalidOperationException("The store is down.") : Task.CompletedTask;
    }

    private AccessTokenSource NewProcess(Action<AccessTokenOptions>? change = null) => SourceOf(Process(change));

    private ServiceProvider Process(Action<AccessTokenOptions>? change = null) =>
        Build(orders => orders.Services.AddSingleton<AccessTokenStore>(_store), change);
}
