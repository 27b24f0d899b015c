using Microsoft.Extensions.DependencyInjection;
using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>A token that its owner gives up.</summary>
public sealed class RevocationTests : TokenTestBase
{
    private readonly SharedTokenStore _store = new();

    [Fact]
    public async Task A_revoked_token_is_gone_here_in_the_store_and_at_the_server()
    {
        AccessTokenSource source = Source();
        await source.GetAsync(Cancelled);

        await source.RevokeAsync(Cancelled);

        Assert.Equal((1, null), (Server.Revocations, _store.Text));
        Assert.Contains("token=refresh-1&token_type_hint=refresh_token", Server.TokenRequests[^1].Text, StringComparison.Ordinal);
        using var key = new SigningKey(KeyId, Secret);
        Assert.Equal(SignatureStatus.Verified, Server.TokenRequests[^1].Verify(key, Time));
        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
        Assert.Equal(2, Server.Logins);
    }

    [Fact]
    [Trait("Scenario", "22")]
    public async Task A_token_that_is_revoked_while_it_is_refreshed_does_not_come_back()
    {
        AccessTokenSource source = Source();
        await source.GetAsync(Cancelled);
        await Server.Arrived.WaitAsync(Cancelled);
        Time.Advance(Unusable);
        TaskCompletionSource gate = Server.HoldNext();
        Task<AccessToken> waiting = source.GetAsync(Cancelled).AsTask();
        await Server.Arrived.WaitAsync(Cancelled);

        await source.RevokeAsync(Cancelled);
        gate.SetResult();
        AccessToken next = await waiting;

        // The refresh gave access-2, which is revoked too; whoever waits logs in again.
        Assert.Equal("access-3", next.Value);
        Assert.Equal((2, 1, 2), (Server.Logins, Server.Refreshes, Server.Revocations));
        Assert.Single(Server.TokenRequests, request => request.Text.StartsWith("token=refresh-2", StringComparison.Ordinal));
        Assert.DoesNotContain("access-2", _store.Text, StringComparison.Ordinal);
        Assert.Equal("access-3", (await source.GetAsync(Cancelled)).Value);
    }

    [Fact]
    public async Task If_the_server_cannot_be_told_the_caller_learns_it_and_the_token_is_forgotten_all_the_same()
    {
        AccessTokenSource source = Source();
        await source.GetAsync(Cancelled);
        Server.Next(503);

        AccessTokenException untold = await Assert.ThrowsAsync<AccessTokenException>(() => source.RevokeAsync(Cancelled));

        Assert.True(untold.IsTransient);
        Assert.Null(_store.Text);
        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
        Assert.Equal(0, Server.Refreshes);
    }

    [Fact]
    public async Task A_revocation_that_the_server_has_refused_for_good_says_so_and_one_that_nobody_was_told_of_is_told_again()
    {
        AccessTokenSource source = Source();
        await source.GetAsync(Cancelled);
        FailToRemove();
        Server.Next(400, """{"error":"invalid_client"}""");

        Assert.False((await Assert.ThrowsAsync<AccessTokenException>(() => source.RevokeAsync(Cancelled))).IsTransient);
        await source.RevokeAsync(Cancelled);

        Assert.Equal(["token=refresh-1", "token=refresh-1"], Server.TokenRequests[1..].Select(request => request.Text.Split('&')[0]));
    }

    [Fact]
    [Trait("Scenario", "22")]
    public async Task What_a_refresh_in_the_background_brings_after_the_revocation_leaves_the_store_again()
    {
        AccessTokenSource source = Source();
        await source.GetAsync(Cancelled);
        await Server.Arrived.WaitAsync(Cancelled);
        Time.Advance(Due);
        TaskCompletionSource gate = Server.HoldNext();
        await source.GetAsync(Cancelled);
        await Server.Arrived.WaitAsync(Cancelled);

        await source.RevokeAsync(Cancelled);
        await Server.Arrived.WaitAsync(Cancelled);
        gate.SetResult();
        await Server.Arrived.WaitAsync(Cancelled);

        Assert.Null(_store.Text);
        Assert.StartsWith("token=refresh-2", Server.TokenRequests[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Scenario", "22")]
    public async Task A_token_that_could_not_be_taken_out_of_the_store_is_not_used_from_there_again()
    {
        AccessTokenSource source = Source();
        await source.GetAsync(Cancelled);
        FailToRemove();

        await source.RevokeAsync(Cancelled);
        Assert.Contains("access-1", _store.Text, StringComparison.Ordinal);

        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
        Assert.Equal((2, 0), (Server.Logins, Server.Refreshes));
        Assert.Contains("access-2", _store.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Scenario", "22")]
    public async Task A_token_is_not_used_from_the_store_again_that_was_written_although_the_store_said_no()
    {
        AccessTokenSource source = Source();
        _store.After = static () => throw new InvalidOperationException("The connection to the store broke off.");
        await source.GetAsync(Cancelled);
        _store.After = static () => { };
        FailToRemove();

        await source.RevokeAsync(Cancelled);
        Assert.Contains("access-1", _store.Text, StringComparison.Ordinal);

        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
    }

    [Fact]
    [Trait("Scenario", "22")]
    public async Task The_token_of_another_process_that_could_not_be_taken_out_of_the_store_is_not_used_either()
    {
        AccessTokenSource source = Source();
        AccessTokenSource another = Source();
        await source.GetAsync(Cancelled);
        await another.GetAsync(await another.GetAsync(Cancelled), Cancelled);
        FailToRemove();

        await source.RevokeAsync(Cancelled);
        Assert.Contains("access-2", _store.Text, StringComparison.Ordinal);

        Assert.Equal("access-3", (await source.GetAsync(Cancelled)).Value);
    }

    [Fact]
    [Trait("Scenario", "22")]
    public async Task A_token_that_came_while_it_was_revoked_and_stays_in_the_store_does_not_come_back()
    {
        AccessTokenSource source = Source();
        TaskCompletionSource gate = Server.HoldNext();
        Task<AccessToken> waiting = source.GetAsync(Cancelled).AsTask();
        await Server.Arrived.WaitAsync(Cancelled);
        await source.RevokeAsync(Cancelled);
        FailToRemove();
        gate.SetResult();

        Assert.Equal("access-2", (await waiting).Value);
        Assert.Single(Server.TokenRequests, request => request.Text.StartsWith("token=refresh-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_this_process_held_is_revoked_too_where_another_has_logged_in_anew()
    {
        AccessTokenSource source = Source();
        await source.GetAsync(Cancelled);
        _store.Text = null;
        await Source().GetAsync(Cancelled);

        await source.RevokeAsync(Cancelled);

        Assert.Null(_store.Text);
        Assert.Equal(["refresh-1", "refresh-2"], Server.TokenRequests.Select(request => request.Text.Split('&')[0]).Where(field => field.StartsWith("token=", StringComparison.Ordinal)).Select(field => field[6..]).Order());
    }

    [Fact]
    [Trait("Scenario", "22")]
    public async Task Whoever_needs_a_token_while_one_is_revoked_gets_one_that_is_not()
    {
        AccessTokenSource source = Source();
        await source.GetAsync(Cancelled);
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int step = 0;
        _store.Before = () => ++step == 1 ? gate.Task : Task.CompletedTask;
        Task revoking = source.RevokeAsync(Cancelled);
        Task<AccessToken> next = source.GetAsync(Cancelled).AsTask();

        // A login that did not wait would have been here by then, and its token in the store.
        using var api = new HttpClient();
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage answer = await api.GetAsync(Server.Address, Cancelled);
        }

        gate.SetResult();
        await revoking;

        Assert.Equal("access-2", (await next).Value);
        Assert.Contains("access-2", _store.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Server.TokenRequests, request => request.Text.Contains("refresh-2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_came_without_another_to_refresh_it_is_revoked_as_what_it_is()
    {
        Server.GrantFor = static _ => """{"access_token":"access-alone","expires_in":900}""";
        AccessTokenSource source = Source();
        await source.GetAsync(Cancelled);

        await source.RevokeAsync(Cancelled);

        Assert.Contains("token=access-alone&token_type_hint=access_token", Server.TokenRequests[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_nobody_is_told()
    {
        await Source().RevokeAsync(Cancelled);

        Assert.Equal(0, Server.TokenCalls);
    }

    [Fact]
    public async Task Without_an_endpoint_to_revoke_the_token_is_forgotten()
    {
        AccessTokenSource source = SourceOf(Build(change: options => options.Endpoints.Revoke = null));
        await source.GetAsync(Cancelled);
        await source.RevokeAsync(Cancelled);

        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
        Assert.Equal((2, 2), (Server.Logins, Server.TokenCalls));
    }

    [Fact]
    public async Task Revoking_lets_a_refused_client_try_again()
    {
        AccessTokenSource source = Source();
        Server.Next(401, """{"error":"invalid_client"}""");
        await Assert.ThrowsAsync<AccessTokenException>(() => source.GetAsync(Cancelled).AsTask());

        await source.RevokeAsync(Cancelled);

        Assert.Equal("access-1", (await source.GetAsync(Cancelled)).Value);
    }

    // Of the next two steps at the store the second fails.
    private void FailToRemove()
    {
        int step = 0;
        _store.Before = () => ++step == 2 ? throw new InvalidOperationException("The store is down.") : Task.CompletedTask;
    }

    private AccessTokenSource Source() => SourceOf(Build(orders => orders.Services.AddSingleton<AccessTokenStore>(_store)));
}
