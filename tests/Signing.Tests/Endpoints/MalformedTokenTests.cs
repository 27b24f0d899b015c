using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

[Collection(Alone.Name)]
public sealed class MalformedTokenTests
{
    private const int Requests = 2000;
    private const int AtOnce = 8;
    private const string Marks = "\"=&%+_-{}[]:, \\\té";

    [Fact]
    public async Task Two_thousand_spoiled_tokens_and_contents_get_no_5xx_and_raise_no_alarm()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Endpoints = options => options.RequestsPerAddress = options.RequestsPerClient = 0,
            Schemes = authentication => authentication.AddApiToken(),
        });
        (string access, string refresh) = await api.LogInAsync();
        var random = new Random(3);
        var statuses = new List<int>();

        foreach (byte[][] batch in Enumerable.Range(0, Requests).Select(_ => Spoil(api, access, refresh, random)).Chunk(AtOnce))
        {
            RawAnswer[] answers = await Task.WhenAll(batch.Select(api.Host.SendAsync));
            statuses.AddRange(answers.Select(answer => answer.Status));
            Assert.All(answers.Where(answer => answer.Status is 400 or 401 && answer["Content-Type"] == "application/json"), answer => Assert.NotNull(TokenApi.Member(answer, "error")));
        }

        Assert.Empty(api.Host.Log.Alarms);
        Assert.DoesNotContain(statuses, status => status >= 500);
        Assert.True(statuses.Count(status => status is 400 or 401) > Requests / 2, $"Only {statuses.Count(status => status is 400 or 401)} were refused by us.");

        // Whatever came, the login has outlived it, unless a spoiled request happened to be a right one that revokes.
        Assert.Contains((await api.GetAsync(access)).Status, new[] { 200, 401 });
    }

    private static byte[] Spoil(TokenApi api, string access, string refresh, Random random)
    {
        (string Name, string Value) basic = ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret));
        string token = random.Next(2) == 0 ? access : refresh;
        switch (random.Next(6))
        {
            case 0:
                return api.GetDraft("/token", "Authorization", $"Bearer {Change(token, random)}", signed: false).ToHttp1();
            case 1:
                return api.GetDraft("/both", "Authorization", Change($"Bearer {token}", random), signed: random.Next(2) == 0).ToHttp1();
            case 2:
                return Send(api, "/auth/refresh", "application/json", Change(JsonSerializer.Serialize(new { refresh_token = Change(refresh, random) }), random), basic);
            case 3:
                return Send(api, "/auth/token", "application/x-www-form-urlencoded", Change($"grant_type=refresh_token&refresh_token={refresh}", random), basic);
            case 4:
                return Send(api, "/auth/introspect", "application/x-www-form-urlencoded", $"token={Change(token, random)}", ("Authorization", Change(basic.Value, random)));
            default:
                return Send(api, "/auth/login", Change("application/json", random), Change($$"""{"client_id":"{{ApiHost.Key}}","client_secret":"{{ApiHost.Secret}}"}""", random));
        }
    }

    private static byte[] Send(TokenApi api, string path, string contentType, string content, params (string Name, string Value)[] fields) =>
        api.Draft(path, contentType, content, signed: false, fields).ToHttp1();

    private static string Change(string value, Random random)
    {
        var text = new StringBuilder(value);
        int at = random.Next(value.Length + 1);
        int length = Math.Min(random.Next(1, 12), value.Length - at);
        return random.Next(6) switch
        {
            0 => text.Remove(at, length).ToString(),
            1 => text.Insert(at, value.AsSpan(at, length)).ToString(),
            2 => text.Insert(at, Marks[random.Next(Marks.Length)]).ToString(),
            3 => text.Insert(at, new string('A', random.Next(2) == 0 ? 100 : 9000)).ToString(),
            4 when at < value.Length => value[..at] + (char)(value[at] ^ 1) + value[(at + 1)..],
            _ => value[..at],
        };
    }
}
