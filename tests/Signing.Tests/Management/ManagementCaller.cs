using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

/// <summary>Somebody at the admin API, who sends with a change what the page sends with it.</summary>
internal sealed class ManagementCaller(ManagementHost host, HttpClient client, string? name, string roles, string[] workspaces)
{
    private (string Header, string Token, string Cookie)? _antiforgery;

    /// <summary>Changes a request before it is sent.</summary>
    public Action<HttpRequestMessage> Touch { get; init; } = static _ => { };

    public ManagementCaller With(Action<HttpRequestMessage> touch) => new(host, client, name, roles, workspaces) { Touch = touch, _antiforgery = _antiforgery };

    public Task<RawAnswer> GetAsync(string path) => SendAsync("GET", path);

    public async Task<JsonElement> ReadAsync(string path)
    {
        RawAnswer answer = await GetAsync(path);
        Assert.True(answer.Status == 200, $"{path}: {answer}");
        return Json(answer);
    }

    /// <summary>Sends to the admin API; a change carries the page's antiforgery token, cookie and Origin.</summary>
    public async Task<RawAnswer> SendAsync(string method, string path, string? body = null, string? ifMatch = null)
    {
        if (method != "GET" && name is not null)
        {
            _antiforgery ??= await GetAntiforgeryAsync();
        }

        using HttpRequestMessage request = Request(method, ManagementHost.Api + path);
        if (method != "GET")
        {
            request.Headers.Add("Origin", host.Origin);
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            if (_antiforgery is { } known)
            {
                request.Headers.Add(known.Header, known.Token);
                request.Headers.Add("Cookie", known.Cookie);
            }
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await SendAsync(request);
    }

    /// <summary>Creates something that has a secret, and keeps the logs clear of it.</summary>
    public async Task<JsonElement> CreateAsync(string path, string body)
    {
        RawAnswer answer = await SendAsync("POST", path, body);
        Assert.True(answer.Status == 201, answer.ToString());
        JsonElement made = Json(answer);
        Canary.Watch(made.GetProperty("text").GetString()!);
        return made;
    }

    /// <summary>Asks for a page or a file.</summary>
    public async Task<RawAnswer> OpenAsync(string path, string method = "GET")
    {
        using HttpRequestMessage request = Request(method, path);
        return await SendAsync(request);
    }

    public static JsonElement Json(RawAnswer answer) => JsonDocument.Parse(answer.Body).RootElement.Clone();

    private HttpRequestMessage Request(string method, string path)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), host.Origin + path);
        if (name is not null)
        {
            request.Headers.Add(PersonHandler.NameHeader, name);
            request.Headers.Add(PersonHandler.RolesHeader, roles);
        }

        if (workspaces.Length > 0)
        {
            request.Headers.Add(PersonHandler.WorkspacesHeader, string.Join(',', workspaces));
        }

        return request;
    }

    private async Task<RawAnswer> SendAsync(HttpRequestMessage request)
    {
        Touch(request);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new RawAnswer(
            (int)response.StatusCode,
            [.. response.Headers.Concat(response.Content.Headers).SelectMany(field => field.Value, (field, value) => (field.Key, value))],
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private async Task<(string Header, string Token, string Cookie)?> GetAntiforgeryAsync()
    {
        using HttpRequestMessage request = Request("GET", ManagementHost.Api + "/me");
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        JsonElement antiforgery = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("antiforgery");
        string cookie = response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        return (antiforgery.GetProperty("header").GetString()!, antiforgery.GetProperty("token").GetString()!, cookie);
    }
}
