using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

/// <summary>Requests of somebody who holds no Secret, drawn by chance, each once for every kind of key: all of them get one answer.</summary>
public sealed class StrangerTests
{
    // Of one length, so that nothing differs but the name.
    private static readonly string[] Keys = ["key-known", "key-nobdy", "key-revkd", "key-destr", "key-suspd", "key-ended", "key-early", "key-signs"];

    private static readonly int Drawn = Math.Max(Effort.Of(2_000), 500);

    [Fact]
    public async Task No_answer_tells_a_stranger_which_keys_there_are()
    {
        string[] environments = ["Production", "Development"];
        for (int i = 0; i < environments.Length; i++)
        {
            await using TokenApi api = await StartAsync(showsBase: i == 1);
            var codes = new HashSet<string>(StringComparer.Ordinal);
            for (int request = 0; request < Drawn / environments.Length; request++)
            {
                string? first = null;
                foreach (string key in Keys)
                {
                    string text = new StrangerRequest(new Random((request * environments.Length) + i), api.Host, key).Draw();
                    RawAnswer answer = await api.Host.SendAsync(text);
                    string told = answer.ToString().Replace($"Date: {answer["Date"]}", "", StringComparison.Ordinal).Replace(key, "KEY", StringComparison.Ordinal);
                    first ??= told;
                    Assert.True(told == first, $"{key} and {Keys[0]} differ in request {request}:\n{text.Replace(new string('x', 15_000), "15,000 x", StringComparison.Ordinal)}\n{told}\n{first}");
                    codes.Add(answer.Text.Length == 0 ? "" : answer.Code ?? "");
                }
            }

            Assert.Superset(
                new HashSet<string> { "invalid_credential", "missing_component", "unsupported_component", "insufficient_coverage", "missing_signature", "ambiguous_credentials" },
                codes);
            Assert.Empty(api.Host.Log.Alarms);
        }
    }

    private static async Task<TokenApi> StartAsync(bool showsBase)
    {
        TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Signature = options => options.ShowSignatureBase = showsBase,
            Endpoints = options => options.RequestsPerAddress = 0,
            Map = app => app.MapGet("/url", [Authorize(AuthenticationSchemes = "Signature")] () => "report").AllowPresigned(),
        });
        DateTimeOffset now = api.Host.Clock.GetUtcNow();
        foreach ((string key, Func<CredentialSecret, Credential> make) in ((string, Func<CredentialSecret, Credential>)[])
        [
            ("key-known", secret => new Credential("key-known", secret)),
            ("key-revkd", secret => new Credential("key-revkd", secret) { Status = StoredStatus.Revoked }),
            ("key-destr", _ => new Credential("key-destr") { Status = StoredStatus.Revoked }),
            ("key-suspd", secret => new Credential("key-suspd", secret) { Status = StoredStatus.Suspended }),
            ("key-ended", secret => new Credential("key-ended", secret) { Expires = now.AddDays(-1) }),
            ("key-early", secret => new Credential("key-early", secret) { NotBefore = now.AddDays(1) }),
            ("key-signs", secret => new Credential("key-signs", secret) { ClientSecretAllowed = false }),
        ])
        {
            api.Host.Credentials.Set(make(new CredentialSecret(new SigningKey(key, ApiHost.Secret))));
        }

        return api;
    }
}
