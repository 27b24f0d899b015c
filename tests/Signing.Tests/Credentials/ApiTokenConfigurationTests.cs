using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials;

public sealed class ApiTokenConfigurationTests
{
    private const string KeyPair = """{ "Key": "k", "Secret": "0123456789abcdef", "Application": "orders", "Workspace": "acme" }""";

    private static readonly string Text = new CredentialFormat("acme").CreateApiToken("live");
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("text")]
    [InlineData("hexadecimal")]
    [InlineData("base64")]
    public void A_token_is_found_by_its_hash_whether_configuration_has_it_or_only_its_hash(string form)
    {
        string hash = TokenHash.Of(Text).ToString();
        (string name, string written) = form switch
        {
            "text" => ("Token", Text),
            "hexadecimal" => ("Hash", hash),
            _ => ("Hash", Convert.ToBase64String(Convert.FromHexString(hash))),
        };
        using ConfigurationCredentialSource source = Start($$"""
            { "{{name}}": "{{written}}", "Id": "crd_7", "Name": "import", "Application": "orders", "Workspace": "acme", "Environment": "live",
              "Scopes": "orders.read orders.write", "Expires": "2030-01-01T12:00:00Z" }
            """);

        Credential token = Find(source, Text);

        Assert.Equal((CredentialKind.ApiToken, "crd_7", "crd_7", "import"), (token.Kind, token.Key, token.Id, token.Name));
        Assert.Equal(("orders", "acme", "live"), (token.ApplicationId, token.WorkspaceId, token.Environment));
        Assert.Equal(["orders.read", "orders.write"], token.Scopes);
        Assert.Equal(0, token.Secrets.Length);
        Assert.Equal(CredentialStatus.Valid, token.Evaluate(Noon.AddTicks(-1), "live"));
        Assert.Equal(CredentialStatus.Expired, token.Evaluate(Noon, "live"));
        Assert.Equal(CredentialStatus.EnvironmentMismatch, token.Evaluate(Noon.AddTicks(-1), "test"));
    }

    [Fact]
    public async Task Any_other_hash_is_unknown()
    {
        using ConfigurationCredentialSource source = Start($$"""{ "Token": "{{Text}}" }""");

        Assert.True(source.TryGetCached(TokenHash.Of(Text + "x"), out Credential? token));
        Assert.Null(token);
        Assert.Null(await source.FindAsync(default(TokenHash), TestContext.Current.CancellationToken));
        Assert.Same(Find(source, Text), await source.FindAsync(TokenHash.Of(Text), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_token_is_known_by_its_name_and_without_one_by_a_part_of_its_hash()
    {
        using ConfigurationCredentialSource listed = Start($$"""{ "Token": "{{Text}}" }""");
        using var named = new ConfigurationCredentialSource(new LiveConfiguration($$"""{ "Signing": { "ApiTokens": { "import": { "Token": "{{Text}}" } } } }""").Root);

        Assert.Equal(TokenHash.Of(Text).ToString()[..16], Find(listed, Text).Id);
        Assert.Equal(("import", "import"), (Find(named, Text).Id, Find(named, Text).Name));
    }

    [Fact]
    public void A_long_lived_token_belongs_where_its_parent_belongs()
    {
        using ConfigurationCredentialSource source = Start($$"""{ "Token": "{{Text}}", "Parent": "k" }""", KeyPair);

        Credential token = Find(source, Text);

        Assert.Equal(("k", "orders", "acme"), (token.ParentKey, token.ApplicationId, token.WorkspaceId));

        // Where the KeyPairs are kept elsewhere, nobody here knows them.
        using ConfigurationCredentialSource alone = Start($$"""{ "Token": "{{Text}}", "Parent": "k" }""");
        Assert.Equal("k", Find(alone, Text).ParentKey);
    }

    [Fact]
    public void A_text_of_another_kind_or_with_what_is_no_prefix_is_no_token()
    {
        var format = new CredentialFormat("acme");
        string[] texts = [format.CreateSecret("live"), format.CreateKey("live"), format.CreateSharingKey(), $"ACME{Text[4..]}", Text[4..]];

        Assert.All(texts, text => Assert.Contains("0:Token is not an ApiToken", Assert.Throws<OptionsValidationException>(() => Start($$"""{ "Token": "{{text}}" }""")).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Suspended_surroundings_reach_the_token()
    {
        using var source = new ConfigurationCredentialSource(new LiveConfiguration($$"""
            { "Signing": {
                "Workspaces": { "acme": { "Enabled": false }, "beta": {} },
                "Applications": { "orders": { "Workspace": "beta", "Status": "suspended" } },
                "ApiTokens": {
                    "one": { "Token": "{{Text}}", "Application": "orders" },
                    "two": { "Hash": "{{new string('a', 64)}}", "Workspace": "acme" } } } }
            """).Root);

        Assert.Equal(CredentialStatus.ApplicationSuspended, Find(source, Text).Evaluate(Noon));
        Assert.True(TokenHash.TryParse(new string('a', 64), out TokenHash other));
        Assert.True(source.TryGetCached(other, out Credential? two));
        Assert.Equal(CredentialStatus.WorkspaceDisabled, two?.Evaluate(Noon));
    }

    [Fact]
    public void A_change_is_seen_by_the_next_request_and_one_that_cannot_be_used_has_no_effect()
    {
        LiveConfiguration configuration = new(Json($$"""{ "Token": "{{Text}}" }"""));
        RecordedLog<ConfigurationCredentialSource> log = new();
        using ConfigurationCredentialSource source = new(configuration.Root, log);
        Assert.Equal("Information: Read 0 KeyPairs, 1 ApiTokens and 0 sharing keys from Signing.", Assert.Single(log.Lines));

        configuration.Replace(Json($$"""{ "Token": "{{Text}}", "Status": "revoked" }"""));
        Assert.Equal(CredentialStatus.Revoked, Find(source, Text).Evaluate(Noon));
        configuration.Replace(Json($$"""{ "Token": "{{Text}}", "Status": "active", "Expiry": "never" }"""));
        Assert.Equal(CredentialStatus.Revoked, Find(source, Text).Evaluate(Noon));
        Assert.StartsWith("Error: Signing has changed and cannot be used", log.Lines.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "0 has neither Token nor Hash")]
    [InlineData("""{ "Token": "TEXT", "Hash": "TEXT" }""", "0 has both Token and Hash")]
    [InlineData("""{ "Token": "TEXTx" }""", "0:Token is not an ApiToken")]
    [InlineData("""{ "Token": "hunter2hunter2hunter2" }""", "0:Token is not an ApiToken")]
    [InlineData("""{ "Token": "_token_live_" }""", "0:Token is not an ApiToken")]
    [InlineData("""{ "Token": "" }""", "0:Token is empty")]
    [InlineData("""{ "Hash": "TEXT" }""", "0:Hash is not a SHA-256")]
    [InlineData("""{ "Token": "TEXT", "Secret": "0123456789abcdef" }""", "0:Secret is not known; known are Token, Hash")]
    [InlineData("""{ "Token": "TEXT", "Parent": "other" }""", "0:Parent is not the Key of one of Credentials")]
    [InlineData("""{ "Token": "TEXT", "Status": "off" }""", "0:Status is none of")]
    [InlineData("""{ "Token": "TEXT", "Expires": "soon" }""", "0:Expires is not a date")]
    [InlineData("""{ "Token": "TEXT", "NotBefore": "2030-01-01T12:00:00Z", "Expires": "2030-01-01T12:00:00Z" }""", "0:Expires is not later than NotBefore")]
    [InlineData("""{ "Token": "TEXT", "Id": "k" }""", "0 is called by the Key of one of Credentials")]
    [InlineData("""{ "Token": "TEXT" }, { "Token": "TEXT", "Id": "b" }""", "1 is the same token as Signing:ApiTokens:0")]
    [InlineData("""{ "Token": "TEXT", "Id": "a" }, { "Hash": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Id": "a" }""", "1 has the same Id as Signing:ApiTokens:0")]
    public void What_cannot_be_used_is_refused_at_start_with_its_path_and_without_the_token(string tokens, string failure)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => Start(tokens.Replace("TEXT", Text, StringComparison.Ordinal), KeyPair));

        Assert.Contains($"Signing:ApiTokens:{failure}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Text, refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_warm_look_up_allocates_nothing()
    {
        using ConfigurationCredentialSource source = Start($$"""{ "Token": "{{Text}}" }""");
        TokenHash known = TokenHash.Of(Text);
        TokenHash unknown = TokenHash.Of("unknown");

        Assert.Equal(0, Allocation.OfWarmed(() =>
        {
            Assert.True(source.TryGetCached(known, out Credential? token) && token is not null);
            Assert.True(source.TryGetCached(unknown, out token) && token is null);
        }));
    }

    private static string Json(string tokens, string keyPairs = "") => $$"""{ "Signing": { "Credentials": [ {{keyPairs}} ], "ApiTokens": [ {{tokens}} ] } }""";

    private static ConfigurationCredentialSource Start(string tokens, string keyPairs = "") => new(new LiveConfiguration(Json(tokens, keyPairs)).Root);

    private static Credential Find(ConfigurationCredentialSource source, string text)
    {
        Assert.True(source.TryGetCached(TokenHash.Of(text), out Credential? token));
        return Assert.IsType<Credential>(token);
    }
}
