using System.Net.Http.Json;
using System.Text.Json;
using Signing.Programs.Tests.Support;

namespace Signing.Programs.Tests.Samples;

/// <summary>samples/TokenApi as a process that is killed and started again, and callers that know nothing of it.</summary>
public sealed class TokenApiSampleTests : IDisposable
{
    private const string Key = "sample_key_1";
    private const string Secret = "sample_secret_0123456789abcdef";

    private readonly string _data = Directory.CreateTempSubdirectory("signing-tokenapi-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_lost_refresh_answer_converges_on_the_same_successor_even_if_the_server_was_killed_meanwhile()
    {
        JsonElement first;
        JsonElement[] lost;
        await using (SampleProcess api = StartApi())
        {
            using HttpClient caller = await CallAsync(api);
            first = await LogInAsync(caller);
            lost = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefreshAsync(caller, first)));
            Assert.Single(lost.Select(answer => answer.GetProperty("refresh_token").GetString()).Distinct());
        }

        // Killed without a word, and none of the answers was kept.
        await using SampleProcess again = StartApi();
        using HttpClient other = await CallAsync(again);
        JsonElement successor = await RefreshAsync(other, first);

        Assert.Equal(lost[0].GetProperty("access_token").GetString(), successor.GetProperty("access_token").GetString());
        Assert.Equal(lost[0].GetProperty("refresh_token").GetString(), successor.GetProperty("refresh_token").GetString());
        Assert.Equal((200, $$"""{"caller":"{{Key}}","orders":"tea, coffee"}"""), await GetOrdersAsync(other, successor));
        Assert.Equal((200, $$"""{"caller":"{{Key}}","orders":"tea, coffee"}"""), await GetOrdersAsync(other, first));
    }

    [Fact]
    public async Task A_reused_refresh_token_ends_the_login_for_good_even_if_the_server_is_killed()
    {
        JsonElement first;
        JsonElement second;
        await using (SampleProcess api = StartApi())
        {
            using HttpClient caller = await CallAsync(api);
            using HttpClient thief = Call(caller.BaseAddress!);
            first = await LogInAsync(caller);
            second = await RefreshAsync(caller, first);
            Assert.Equal(200, (await GetOrdersAsync(caller, second)).Status);

            JsonElement reused = await RefreshAsync(thief, first);

            Assert.Equal("invalid_grant", reused.GetProperty("error").GetString());
            Assert.Equal(401, (await GetOrdersAsync(caller, second)).Status);
        }

        await using SampleProcess again = StartApi();
        using HttpClient after = await CallAsync(again);

        Assert.Equal("invalid_grant", (await RefreshAsync(after, second)).GetProperty("error").GetString());
        Assert.Equal(401, (await GetOrdersAsync(after, second)).Status);
        Assert.Equal(200, (await GetOrdersAsync(after, await LogInAsync(after))).Status);
    }

    [Fact]
    public async Task A_second_process_on_the_same_journal_ends_and_says_why()
    {
        await using SampleProcess first = StartApi();
        using HttpClient caller = await CallAsync(first);

        await using SampleProcess second = StartApi();
        (int exitCode, string output) = await second.EndAsync(Cancelled);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("One process at a time may write it", output, StringComparison.Ordinal);
        Assert.Equal(200, (await GetOrdersAsync(caller, await LogInAsync(caller))).Status);
    }

    private SampleProcess StartApi() => SampleProcess.Start(
        "TokenApi",
        ["--urls", "http://127.0.0.1:0"],
        ("ASPNETCORE_ENVIRONMENT", "Development"),
        ("Data", _data),
        ("Signing__Credentials__0__Key", Key),
        ("Signing__Credentials__0__Secret", Secret));

    private static async Task<HttpClient> CallAsync(SampleProcess api) => Call(new Uri(await api.WaitForAsync("Now listening on:", Cancelled)));

    private static HttpClient Call(Uri address) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };

    private static Task<JsonElement> LogInAsync(HttpClient caller) => PostAsync(caller, "/auth/login", new { client_id = Key, client_secret = Secret });

    private static Task<JsonElement> RefreshAsync(HttpClient caller, JsonElement tokens) =>
        PostAsync(caller, "/auth/refresh", new { client_id = Key, client_secret = Secret, refresh_token = tokens.GetProperty("refresh_token").GetString() });

    private static async Task<JsonElement> PostAsync(HttpClient caller, string path, object content)
    {
        using HttpResponseMessage answer = await caller.PostAsJsonAsync(path, content, Cancelled);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
    }

    private static async Task<(int Status, string Content)> GetOrdersAsync(HttpClient caller, JsonElement tokens)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/orders");
        request.Headers.Authorization = new("Bearer", tokens.GetProperty("access_token").GetString());
        using HttpResponseMessage answer = await caller.SendAsync(request, Cancelled);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }
}
