using System.Net;
using System.Text.Json;

namespace Cluster;

/// <summary>Stands where a load balancer does: takes requests for one public address to the next of its nodes, and counts what they answer.</summary>
internal sealed class Balancer(params Uri[] nodes) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
{
    /// <summary>What the callers call and sign; no node has it.</summary>
    public static readonly Uri PublicAddress = new("https://api.example.com");

    /// <summary>Set on a request that somebody copies on its way: it arrives at every node at once.</summary>
    public static readonly HttpRequestOptionsKey<bool> Copied = new("copied");

    private int _accepted;
    private int _replayed;
    private int _later;
    private int _other;
    private int _next;

    /// <summary>How many requests the nodes have accepted, refused as replayed, told to come back later (503), and answered in another way.</summary>
    public (int Accepted, int Replayed, int Later, int Other) Answers => (_accepted, _replayed, _later, _other);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(Copied, out bool isCopied) || !isCopied)
        {
            Uri node = nodes[(uint)Interlocked.Increment(ref _next) % nodes.Length];
            return await SendToAsync(node, request, cancellationToken);
        }

        HttpResponseMessage[] answers = await Task.WhenAll(nodes.Select(node => SendToAsync(node, request, cancellationToken)));
        HttpResponseMessage best = answers.FirstOrDefault(answer => answer.IsSuccessStatusCode) ?? answers[0];
        foreach (HttpResponseMessage answer in answers.Where(answer => answer != best))
        {
            answer.Dispose();
        }

        return best;
    }

    private async Task<HttpResponseMessage> SendToAsync(Uri node, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var copy = new HttpRequestMessage(request.Method, new Uri(node, request.RequestUri!.PathAndQuery));
        foreach ((string name, IEnumerable<string> values) in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        HttpResponseMessage answer = await base.SendAsync(copy, cancellationToken);
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        Count(answer, answer.IsSuccessStatusCode ? null : await CodeOfAsync(answer, cancellationToken));
        return answer;
    }

    private void Count(HttpResponseMessage answer, string? code)
    {
        ref int counter = ref _other;
        if (answer.IsSuccessStatusCode)
        {
            counter = ref _accepted;
        }
        else if (code == "replayed")
        {
            counter = ref _replayed;
        }
        else if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            counter = ref _later;
        }

        Interlocked.Increment(ref counter);
    }

    private static async Task<string?> CodeOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return null;
        }

        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return problem.TryGetProperty("code", out JsonElement code) ? code.GetString() : null;
    }
}
