using System.Text;
using System.Text.Json;
using Signing.Tests.Support;

namespace Signing.Tests.Management.Operators;

/// <summary>Sends what operators ask: a person as the page does it, a program with its token or signed.</summary>
internal sealed class Sender(ManagementHost host) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
    private readonly Dictionary<Operator, ManagementCaller> _people = [];

    public Task<RawAnswer> SendAsync(Call call) => call.Caller.Credential is { } credential
        ? SendAsync(call, credential)
        : PersonOf(call.Caller).With(call.Touch).SendAsync(call.Method, call.Path, call.Body, call.IfMatch);

    public async Task<JsonElement> ReadAsync(Operator caller, string path)
    {
        RawAnswer answer = await SendAsync(new Call(caller, "GET", path));
        Assert.True(answer.Status == 200, $"{path}: {answer}");
        return ManagementCaller.Json(answer);
    }

    /// <summary>Uses a text at the host's own API.</summary>
    public Task<RawAnswer> UseAsync(ExpectedCredential row, string text) => row.Key is null ? host.SendTokenAsync(text) : host.SendAsync(Draft(row.Key, text, "GET", "/orders", null));

    public void Dispose() => _client.Dispose();

    private Task<RawAnswer> SendAsync(Call call, ExpectedCredential credential)
    {
        string text = credential.Secrets[^1].Text;
        string[] workspaces = call.Caller.Workspaces ?? [];
        if (credential.Key is null)
        {
            return new ManagementCaller(host, _client, null, "", workspaces).With(request =>
            {
                request.Headers.Add("Authorization", $"Bearer {text}");
                call.Touch(request);
            }).SendAsync(call.Method, call.Path, call.Body, call.IfMatch);
        }

        RequestDraft draft = Draft(credential.Key, text, call.Method, ManagementHost.Api + call.Path, call.Body is null ? null : Encoding.UTF8.GetBytes(call.Body));
        foreach ((string name, string? value) in new[] { ("If-Match", call.IfMatch), ("Content-Type", call.Body is null ? null : "application/json"), (PersonHandler.WorkspacesHeader, workspaces.Length == 0 ? null : string.Join(',', workspaces)) })
        {
            if (value is not null)
            {
                draft.With(name, value);
            }
        }

        return host.SendAsync(draft);
    }

    private ManagementCaller PersonOf(Operator caller)
    {
        if (!_people.TryGetValue(caller, out ManagementCaller? person))
        {
            _people[caller] = person = new ManagementCaller(host, _client, caller.Name.Length == 0 ? null : caller.Name, string.Join(',', caller.PersonRoles), caller.Workspaces ?? []);
        }

        return person;
    }

    private RequestDraft Draft(string key, string text, string method, string target, byte[]? body) =>
        new(method, target, body) { Authority = $"127.0.0.1:{host.Port}", Created = host.Settings.Clock.GetUtcNow(), KeyId = key, Secret = text };
}
