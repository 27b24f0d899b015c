using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials;

public sealed class SharingKeyConfigurationTests
{
    private const string Text = "a sharing key, long enough";

    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sharing_key_is_found_by_its_hash_and_by_its_id_with_everything_it_has()
    {
        ISharingKeySource source = Start($$"""
            { "Key": "{{Text}}", "Id": "shr_1", "Name": "acme to beta", "Workspace": "acme", "GranteeWorkspace": "beta",
              "Scopes": [ "orders.read" ], "Expires": "2030-01-01T12:00:00Z" }
            """);

        SharingKey? key = await source.FindAsync(TokenHash.Of(Text), Cancelled);

        Assert.NotNull(key);
        Assert.Equal(("shr_1", "acme to beta", "acme", "beta", null), (key.Id, key.Name, key.GrantorWorkspaceId, key.GranteeWorkspaceId, key.GranteeApplicationId));
        Assert.Equal(["orders.read"], key.Scopes);
        Assert.Same(key, await source.FindByIdAsync("shr_1", Cancelled));
        Assert.True(source.TryGetCached("shr_1", out SharingKey? cached));
        Assert.Same(key, cached);
        Assert.Equal((CredentialStatus.Valid, CredentialStatus.Expired), (key.Evaluate(Noon.AddTicks(-1)), key.Evaluate(Noon)));
        Assert.Null(await source.FindAsync(TokenHash.Of("shr_1"), Cancelled));
        Assert.Null(await source.FindByIdAsync(Text, Cancelled));
    }

    [Fact]
    public async Task Its_hash_may_stand_in_the_place_of_the_key()
    {
        ISharingKeySource source = Start($$"""{ "Hash": "{{TokenHash.Of(Text)}}", "Workspace": "acme", "GranteeApplication": "orders" }""");

        Assert.Equal("orders", (await source.FindAsync(TokenHash.Of(Text), Cancelled))?.GranteeApplicationId);
    }

    [Fact]
    public async Task Sixteen_characters_and_nothing_but_a_grantor_are_enough()
    {
        ISharingKeySource source = new ConfigurationCredentialSource(new LiveConfiguration(
            """{ "Signing": { "SharingKeys": [ { "Key": "0123456789abcdef", "Workspace": "acme", "GranteeApplication": "orders" } ] } }""").Root);

        Assert.Equal(("acme", "orders"), await source.FindAsync(TokenHash.Of("0123456789abcdef"), Cancelled) is { } key ? (key.GrantorWorkspaceId, key.GranteeApplicationId) : default);
    }

    [Theory]
    [InlineData("\"Status\": \"suspended\"", CredentialStatus.Suspended)]
    [InlineData("\"Status\": \"revoked\"", CredentialStatus.Revoked)]
    [InlineData("\"Status\": \"active\"", CredentialStatus.Valid)]
    [InlineData("\"Expires\": \"2029-01-01T12:00:00Z\"", CredentialStatus.Expired)]
    public async Task What_an_operator_decides_is_what_it_evaluates_to(string property, CredentialStatus expected)
    {
        ISharingKeySource source = Start($$"""{ "Key": "{{Text}}", "Workspace": "acme", {{property}} }""");

        Assert.Equal(expected, (await source.FindAsync(TokenHash.Of(Text), Cancelled))?.Evaluate(Noon));
    }

    [Fact]
    public async Task A_disabled_grantor_ends_its_sharing_keys()
    {
        ISharingKeySource source = new ConfigurationCredentialSource(new LiveConfiguration($$"""
            { "Signing": { "Workspaces": { "acme": { "Enabled": false } }, "SharingKeys": [ { "Key": "{{Text}}", "Workspace": "acme" } ] } }
            """).Root);

        Assert.Equal(CredentialStatus.WorkspaceDisabled, (await source.FindAsync(TokenHash.Of(Text), Cancelled))?.Evaluate(Noon));
    }

    [Theory]
    [InlineData("""{ "Key": "KEY" }""", "0:Workspace is missing")]
    [InlineData("""{ "Workspace": "acme" }""", "0 has neither Key nor Hash")]
    [InlineData("""{ "Key": "too short", "Workspace": "acme" }""", "0:Key is not a sharing key: at least 16 characters")]
    [InlineData("""{ "Key": "KEY", "Hash": "KEY", "Workspace": "acme" }""", "0 has both Key and Hash")]
    [InlineData("""{ "Key": "KEY", "Workspace": "acme", "GranteeWorkspace": "acme", "GranteeApplication": "orders" }""", "0 has both GranteeWorkspace and GranteeApplication")]
    [InlineData("""{ "Key": "KEY", "Workspace": "acne" }""", "0:Workspace leads to a workspace that is not one of Workspaces")]
    [InlineData("""{ "Key": "KEY", "Workspace": "acme", "GranteeWorkspace": "acne" }""", "0:GranteeWorkspace leads to a workspace that is not one of Workspaces")]
    [InlineData("""{ "Key": "KEY", "Workspace": "acme", "GranteeApplication": "ordres" }""", "0:GranteeApplication is not one of Applications")]
    [InlineData("""{ "Key": "KEY", "Workspace": "acme", "Grantee": "beta" }""", "0:Grantee is not known")]
    [InlineData("""{ "Key": "KEY", "Workspace": "acme", "Id": "a" }, { "Key": "KEYx", "Workspace": "acme", "Id": "a" }""", "1 has the same Id as Signing:SharingKeys:0")]
    [InlineData("""{ "Key": "KEY", "Workspace": "acme", "Id": "a" }, { "Key": "KEY", "Workspace": "acme", "Id": "b" }""", "1 is the same sharing key as Signing:SharingKeys:0")]
    public void What_cannot_be_used_is_refused_at_start_with_its_path_and_without_the_key(string keys, string failure)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => Start(keys.Replace("KEY", Text, StringComparison.Ordinal)));

        Assert.Contains($"Signing:SharingKeys:{failure}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Text, refusal.ToString(), StringComparison.Ordinal);
    }

    private static ConfigurationCredentialSource Start(string keys) => new(new LiveConfiguration($$"""
        { "Signing": {
            "Workspaces": { "acme": {}, "beta": {} },
            "Applications": { "orders": { "Workspace": "beta" } },
            "SharingKeys": [ {{keys}} ] } }
        """).Root);
}
