using System.Text.Json;
using Cluster;
using Signing.Client;

namespace Signing.PostgreSql.Tests.Cluster;

/// <summary>A request that was signed once and can be sent any number of times, as by somebody who has copied it.</summary>
internal sealed class SignedRequest
{
    private static readonly HttpClient Network = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 });

    private readonly string _path;
    private readonly (string Name, string[] Values)[] _headers;

    private SignedRequest(string path, (string Name, string[] Values)[] headers) => (_path, _headers) = (path, headers);

    public static async Task<SignedRequest> MakeAsync(CreatedKey key, string path)
    {
        SignedRequest? signed = null;
        using var signer = new HttpMessageInvoker(new MessageSigningHandler(new MessageSigningOptions { Key = key.Key, Secret = key.Secret }, new Copier(copy => signed = copy)));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Balancer.PublicAddress, path));
        using HttpResponseMessage nothing = await signer.SendAsync(request, TestContext.Current.CancellationToken);
        return signed!;
    }

    /// <summary>Sends it to a node.</summary>
    /// <returns><c>accepted</c>, or the status and the code of the refusal: <c>401 replayed</c>, <c>503 replay_before_floor, Retry-After</c>.</returns>
    public async Task<string> SendAsync(Uri node)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node, _path));
        foreach ((string name, string[] values) in _headers)
        {
            request.Headers.TryAddWithoutValidation(name, values);
        }

        using HttpResponseMessage answer = await Network.SendAsync(request, TestContext.Current.CancellationToken);
        string content = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode ? "accepted" : $"{(int)answer.StatusCode} {CodeOf(content)}{(answer.Headers.RetryAfter is null ? "" : ", Retry-After")}";
    }

    private static string CodeOf(string content)
    {
        using JsonDocument problem = JsonDocument.Parse(content);
        return problem.RootElement.TryGetProperty("code", out JsonElement code) ? code.GetString()! : content;
    }

    private sealed class Copier(Action<SignedRequest> keep) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            keep(new SignedRequest(request.RequestUri!.PathAndQuery, [.. request.Headers.Select(header => (header.Key, header.Value.ToArray()))]));
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
