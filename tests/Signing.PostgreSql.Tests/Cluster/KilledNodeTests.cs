using System.Net;
using System.Text.Json;
using Cluster;

namespace Signing.PostgreSql.Tests.Cluster;

[Collection(SharedCluster.Name)]
public sealed class KilledNodeTests(SharedCluster shared) : IDisposable
{
    private const int Rounds = 4;
    private const int Refreshes = 24;

    private readonly HttpClient _network = new(new SocketsHttpHandler { UseProxy = false });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task A_refresh_during_which_its_node_is_killed_converges_on_another_node()
    {
        ClusterHost cluster = shared.Cluster;
        CreatedKey key = cluster.Key;
        (Uri second, Uri third) = (cluster.Addresses[1], cluster.Addresses[2]);
        Tokens tokens = await PostAsync(second, "login", new { client_id = key.Key, client_secret = key.Secret });
        for (int round = 0; round < Rounds; round++)
        {
            await using NodeProcess doomed = await cluster.StartNodeAsync();
            TaskCompletionSource isAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<Tokens?>[] refreshing = [.. Enumerable.Range(0, Refreshes).Select(_ => RefreshUntilCutAsync(doomed.Address, key, tokens, isAnswered))];

            // The first round kills before any answer, the others as soon as there is one.
            await (round == 0 ? Task.CompletedTask : isAnswered.Task);
            await doomed.KillAsync();
            Tokens?[] answered = await Task.WhenAll(refreshing);
            Tokens successor = await RefreshAsync(second, key, tokens);

            Assert.All(answered, answer => Assert.True(answer is null || answer == successor));
            Assert.Equal(HttpStatusCode.OK, await GetOrdersAsync(third, successor));
            Assert.Equal(HttpStatusCode.OK, await GetOrdersAsync(second, successor));
            tokens = successor;
        }
    }

    private Task<Tokens> RefreshAsync(Uri node, CreatedKey key, Tokens tokens) =>
        PostAsync(node, "refresh", new { client_id = key.Key, client_secret = key.Secret, refresh_token = tokens.Refresh });

    private async Task<Tokens?> RefreshUntilCutAsync(Uri node, CreatedKey key, Tokens tokens, TaskCompletionSource isAnswered)
    {
        try
        {
            Tokens answer = await RefreshAsync(node, key, tokens);
            isAnswered.TrySetResult();
            return answer;
        }
        catch (HttpRequestException)
        {
            // What the caller sees of a killed node: perhaps it has refreshed, perhaps not.
            return null;
        }
    }

    private async Task<Tokens> PostAsync(Uri node, string what, object content)
    {
        using HttpResponseMessage answer = await _network.PostAsJsonAsync(new Uri(node, $"/auth/{what}"), content, Cancellation);
        string text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        JsonElement tokens = JsonElement.Parse(text);
        return new Tokens(tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);
    }

    private async Task<HttpStatusCode> GetOrdersAsync(Uri node, Tokens tokens)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(node, "/orders/1"));
        request.Headers.Authorization = new("Bearer", tokens.Access);
        using HttpResponseMessage answer = await _network.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    private sealed record Tokens(string Access, string Refresh);
}
