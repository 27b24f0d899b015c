using System.Text.Json;

namespace Cluster;

/// <summary>Somebody at the admin API of one node, as its page is.</summary>
internal sealed class Operator : IDisposable
{
    private readonly HttpClient _api;
    private readonly string _application;

    private Operator(HttpClient api, string application) => (_api, _application) = (api, application);

    /// <summary>Comes in, and makes an application whose keys the others are.</summary>
    public static async Task<Operator> SignInAsync(Uri node, CancellationToken cancellationToken)
    {
        var api = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(node, "/signing/api/v1/") };
        JsonElement me = await api.GetFromJsonAsync<JsonElement>("me", cancellationToken);
        JsonElement antiforgery = me.GetProperty("antiforgery");
        api.DefaultRequestHeaders.Add(antiforgery.GetProperty("header").GetString()!, antiforgery.GetProperty("token").GetString());
        api.DefaultRequestHeaders.Add("Origin", node.GetLeftPart(UriPartial.Authority));

        JsonElement workspace = await PostAsync(api, "workspaces", new { name = "Cluster" }, cancellationToken);
        JsonElement application = await PostAsync(api, "applications", new { workspaceId = IdOf(workspace), name = "Web shop" }, cancellationToken);
        return new Operator(api, IdOf(application.GetProperty("application")));
    }

    public async Task<CreatedKey> CreateKeyAsync(string name, CancellationToken cancellationToken)
    {
        JsonElement made = await PostAsync(_api, "credentials", new { applicationId = _application, kind = "keyPair", name, expires = DateTimeOffset.UtcNow.AddDays(1) }, cancellationToken);
        JsonElement credential = made.GetProperty("credential");
        return new CreatedKey(IdOf(credential), credential.GetProperty("key").GetString()!, made.GetProperty("text").GetString()!);
    }

    /// <summary>Revokes a key; when this returns, the change is committed and this node refuses the key.</summary>
    public Task RevokeAsync(CreatedKey key, CancellationToken cancellationToken) => PostAsync(_api, $"credentials/{key.Id}:revoke", new { }, cancellationToken);

    public void Dispose() => _api.Dispose();

    private static string IdOf(JsonElement row) => row.GetProperty("id").GetString()!;

    private static async Task<JsonElement> PostAsync(HttpClient api, string path, object body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await api.PostAsJsonAsync(new Uri(api.BaseAddress!, path), body, cancellationToken);
        string content = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(content)
            : throw new InvalidOperationException($"{path} was answered {(int)answer.StatusCode}: {content}");
    }
}
