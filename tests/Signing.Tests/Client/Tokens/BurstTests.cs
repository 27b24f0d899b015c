using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>Thousands of callers at once: one acquisition, whoever comes, goes or is refused.</summary>
public sealed class BurstTests : TokenTestBase
{
    private const int Callers = 1000;

    [Fact]
    [Trait("Scenario", "1")]
    public async Task A_thousand_concurrent_requests_at_a_cold_start_log_in_once()
    {
        HttpClient client = ClientOf(Build());

        int[] statuses = await TogetherAsync(Callers, () => StatusOfAsync(client));

        Assert.All(statuses, status => Assert.Equal(200, status));
        Assert.Equal(Callers, Server.ApiCalls);
        Assert.Equal((1, 1), (Server.Logins, Server.TokenCalls));
    }

    [Fact]
    [Trait("Scenario", "2")]
    public async Task A_thousand_simultaneous_401s_are_one_refresh_and_a_thousand_successes()
    {
        HttpClient client = ClientOf(Build());
        await StatusOfAsync(client);
        TaskCompletionSource all = RefuseFirstToken(onceThereAre: Callers);

        int[] statuses = await TogetherAsync(Callers, () => StatusOfAsync(client));

        Assert.True(all.Task.IsCompletedSuccessfully);
        Assert.All(statuses, status => Assert.Equal(200, status));
        Assert.Equal((1, 1), (Server.Refreshes, Server.Logins));
        Assert.Equal(1 + (2 * Callers), Server.ApiCalls);
    }

    [Fact]
    [Trait("Scenario", "3")]
    public async Task Callers_that_are_refused_after_the_new_token_exists_do_not_refresh_again()
    {
        HttpClient client = ClientOf(Build());
        await StatusOfAsync(client);
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RefuseFirstToken(onceThereAre: Callers, late.Task);

        // All are sent with the old token. One gets its 401, the others when its successor is long in use.
        Task<int>[] callers = [.. Enumerable.Range(0, Callers).Select(_ => Task.Run(() => StatusOfAsync(client), Cancelled))];
        int first = await await Task.WhenAny(callers);
        int refreshes = Server.Refreshes;
        late.SetResult();

        Assert.Equal((200, 1), (first, refreshes));
        Assert.All(await Task.WhenAll(callers), status => Assert.Equal(200, status));
        Assert.Equal((1, 1), (Server.Refreshes, Server.Logins));
    }

    [Fact]
    [Trait("Scenario", "12")]
    public async Task The_first_caller_may_leave_and_the_others_get_what_it_began()
    {
        AccessTokenSource source = SourceOf(Build());
        TaskCompletionSource gate = Server.HoldNext();
        using var leaving = new CancellationTokenSource();

        Task<AccessToken> first = source.GetAsync(leaving.Token).AsTask();
        Task<AccessToken>[] others = [.. Enumerable.Range(0, Callers).Select(_ => source.GetAsync(Cancelled).AsTask())];
        await Server.Arrived.WaitAsync(Cancelled);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        Assert.All(await Task.WhenAll(others), token => Assert.Equal("access-1", token.Value));
        Assert.Equal(1, Server.TokenCalls);
    }

    [Fact]
    [Trait("Scenario", "12")]
    public async Task When_all_callers_leave_the_refresh_completes_and_its_token_is_kept()
    {
        AccessTokenSource source = SourceOf(Build());
        await source.GetAsync(Cancelled);
        await Log.UntilAsync(Acquired);
        Time.Advance(Unusable);
        TaskCompletionSource gate = Server.HoldNext();
        using var leaving = new CancellationTokenSource();

        Task<AccessToken>[] all = [.. Enumerable.Range(0, Callers).Select(_ => source.GetAsync(leaving.Token).AsTask())];
        await leaving.CancelAsync();
        Assert.All(all, caller => Assert.True(caller.IsCanceled));
        gate.SetResult();
        await Log.UntilAsync(Acquired);

        Assert.Equal("access-2", (await source.GetAsync(Cancelled)).Value);
        Assert.Equal((1, 1), (Server.Refreshes, Server.Logins));
    }

    [Fact]
    [Trait("Scenario", "20")]
    public async Task Clients_and_sharing_keys_are_never_mixed_and_equal_ones_share_a_token()
    {
        Server.GrantFor = request => $$"""{"access_token":"{{Who(request)}}","expires_in":900}""";
        Server.Api = async context =>
        {
            await TokenServer.WriteAsync(context, 200, context.Request.Headers.Authorization.ToString());
            return true;
        };
        (string Name, string Key, string? SharingKey)[] clients =
            [("a", "key-a", null), ("b", "key-b", null), ("b-shared", "key-b", "sharing-1"), ("b-shared-too", "key-b", "sharing-2"), ("b-again", "key-b", null)];
        ServiceProvider services = Build(orders =>
        {
            foreach ((string name, string key, string? sharingKey) in clients)
            {
                orders.Services.AddHttpClient(name, client => client.BaseAddress = Server.Address)
                    .AddAccessToken(options => (options.Key, options.Secret, options.SharingKey) = (key, Secret, sharingKey));
            }
        });

        int next = -1;
        bool[] right = await TogetherAsync(Callers, async () =>
        {
            (string name, string key, string? sharingKey) = clients[Interlocked.Increment(ref next) % clients.Length];
            return await ClientOf(services, name).GetStringAsync(new Uri("/", UriKind.Relative), Cancelled) == $"Bearer {key}+{sharingKey}";
        });

        Assert.DoesNotContain(false, right);
        Assert.Equal(clients.Length - 1, Server.Logins);
    }

    // Client id and sharing key as they were in the login.
    private static string Who(RawRequest request)
    {
        using var json = JsonDocument.Parse(request.Text);
        string? sharingKey = json.RootElement.TryGetProperty("sharing_key", out JsonElement shared) ? shared.GetString() : null;
        return $"{json.RootElement.GetProperty("client_id").GetString()}+{sharingKey}";
    }

    // The API refuses access-1, but answers nobody before so many have come.
    private TaskCompletionSource RefuseFirstToken(int onceThereAre, Task? exceptForOne = null)
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int come = 0;
        Server.Accepted = "none yet";
        Server.Api = async (HttpContext context) =>
        {
            if (context.Request.Headers.Authorization != "Bearer access-1")
            {
                return false;
            }

            if (Interlocked.Increment(ref come) == onceThereAre)
            {
                all.SetResult();
            }
            else
            {
                await (exceptForOne ?? all.Task).WaitAsync(context.RequestAborted);
            }

            await TokenServer.WriteAsync(context, 401, headers: "WWW-Authenticate: Bearer error=\"invalid_token\"");
            return true;
        };
        return all;
    }
}
