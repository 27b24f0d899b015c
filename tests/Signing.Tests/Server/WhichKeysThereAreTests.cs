using System.Text.Json;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>RFC 9421 §8.3. No answer tells a stranger whether there is a key, whatever is wrong with the request beside.</summary>
public sealed class WhichKeysThereAreTests
{
    private const string Line = "\"@method\" \"@authority\" \"@path\" \"@query\"";

    private static readonly string[] Keys = [ApiHost.Key, "unknown", "revoked", "destroyed", "suspended"];

    [Theory]
    [InlineData(Door.Scheme, "nothing", "invalid_credential")]
    [InlineData(Door.Middleware, "nothing", "invalid_credential")]
    [InlineData(Door.Scheme, "absent field", "missing_component")]
    [InlineData(Door.Middleware, "absent field", "missing_component")]
    [InlineData(Door.Scheme, "field of unknown type", "unsupported_component")]
    [InlineData(Door.Middleware, "field of unknown type", "unsupported_component")]
    [InlineData(Door.Scheme, "long base", "too_large")]
    [InlineData(Door.Middleware, "long base", "too_large")]
    [InlineData(Door.Scheme, "second without a base", "invalid_credential")]
    [InlineData(Door.Middleware, "second without a base", "invalid_credential")]
    [InlineData(Door.Scheme, "first without a base", "missing_component")]
    [InlineData(Door.Middleware, "first without a base", "missing_component")]
    public async Task A_stranger_gets_one_answer_for_every_key(Door door, string wrong, string code)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        Fill(host);
        var answers = new List<RawAnswer>();
        foreach (string key in Keys)
        {
            answers.Add(await host.SendAsync(Draft(host, key, wrong)));
        }

        Assert.Equal((401, code), (answers[0].Status, answers[0].Code));
        Assert.Single(answers.Select(answer => answer.ToString()).Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("\"x-absent\"", "\"x-absent\"")]
    [InlineData("\"@query-param\";name=\"a\\\": b\" \"x-absent\"", "\"@query-param\";name=\"a\\\": b\"")]
    [InlineData("\"host\" \"host\";bs  \"x-absent\";sf;key=\"m\"", null)]
    [InlineData("\"host\" \"host\";bs  \"x-gone\" \"x-absent\"", "\"x-gone\"")]
    [Trait("Protocol", "B2")]
    public async Task The_component_that_is_missing_is_named_and_no_other(string covered, string? named)
    {
        await using ApiHost host = await ApiHost.StartAsync();

        RawAnswer answer = await host.SendAsync(Stranger(host, ("unknown", covered)));

        using var problem = JsonDocument.Parse(answer.Text);
        Assert.Equal(named, problem.RootElement.TryGetProperty("component", out JsonElement component) ? component.GetString() : null);
        Assert.Equal(named is null ? "unsupported_component" : "missing_component", answer.Code);
    }

    [Fact]
    public async Task No_component_is_named_where_none_is_missing()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Fill(host);

        foreach (string wrong in (string[])["nothing", "field of unknown type", "long base"])
        {
            Assert.DoesNotContain("\"component\"", (await host.SendAsync(Draft(host, ApiHost.Key, wrong))).Text, StringComparison.Ordinal);
        }
    }

    private static void Fill(ApiHost host)
    {
        host.Credentials.Set(new Credential("revoked", new CredentialSecret(new SigningKey("revoked", ApiHost.Secret))) { Status = StoredStatus.Revoked });
        host.Credentials.Set(new Credential("suspended", new CredentialSecret(new SigningKey("suspended", ApiHost.Secret))) { Status = StoredStatus.Suspended });
        host.Credentials.Set(new Credential("destroyed") { Status = StoredStatus.Revoked });
    }

    private static RequestDraft Draft(ApiHost host, string key, string wrong)
    {
        string probe = wrong switch
        {
            "absent field" => "\"x-absent\"",
            "field of unknown type" => "\"x-long\";sf",
            "long base" => "\"x-long\" \"x-long\";bs",
            _ => "",
        };
        return wrong switch
        {
            "first without a base" => Stranger(host, (ApiHost.Key, "\"x-absent\""), (key, probe)),
            "second without a base" => Stranger(host, (key, probe), (ApiHost.Key, "\"x-absent\"")),
            _ => Stranger(host, (key, probe)),
        };
    }

    // Whoever knows no Secret sends what he likes for a MAC.
    private static RequestDraft Stranger(ApiHost host, params (string Key, string Covered)[] signatures)
    {
        RequestDraft draft = host.Draft().With("X-Long", new string('x', 15_000));
        long created = host.Clock.GetUtcNow().ToUnixTimeSeconds();
        string mac = Convert.ToBase64String(new byte[32]);
        draft.SentInput = string.Join(", ", signatures.Select((one, i) => $"s{i}=({Line} {one.Covered});created={created};keyid=\"{one.Key}\""));
        draft.SentSignature = string.Join(", ", signatures.Select((_, i) => $"s{i}=:{mac}:"));
        return draft;
    }
}
