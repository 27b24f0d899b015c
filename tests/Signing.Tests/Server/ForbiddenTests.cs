using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>What a caller is told who is known and may not do this, whichever scheme knows them.</summary>
public sealed class ForbiddenTests
{
    private const string SignatureChallenge = "Signature error=\"scope_missing\", scope=\"orders.write\"";
    private const string TokenChallenge = "Bearer error=\"insufficient_scope\", scope=\"orders.write\"";

    [Theory]
    [InlineData("Signature", false, SignatureChallenge)]
    [InlineData("AccessToken", true, TokenChallenge)]
    [InlineData("Signature,AccessToken,ApiToken", false, SignatureChallenge)]
    [InlineData("Signature,AccessToken,ApiToken", true, TokenChallenge)]
    [InlineData("ApiToken,AccessToken,Signature", false, SignatureChallenge)]
    [InlineData("ApiToken,AccessToken,Signature", true, TokenChallenge)]
    public async Task A_missing_scope_is_told_in_one_body_and_by_the_scheme_that_knows_the_caller(string schemes, bool byToken, string challenge)
    {
        await using TokenApi api = await StartAsync(app => app.MapGet("/write", () => "").RequireAuthorization(Writers(schemes.Split(','))));

        RawAnswer answer = byToken
            ? await api.GetAsync((await api.LogInAsync()).Access, "/write")
            : await api.Host.SendAsync(api.Host.Draft("GET", "/write"));

        Assert.Equal((403, "scope_missing", challenge), (answer.Status, answer.Code, answer["WWW-Authenticate"]));
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Empty(api.Host.Log.Alarms);
    }

    [Theory]
    [InlineData("Signature,AccessToken")]
    [InlineData("AccessToken,Signature")]
    public async Task With_a_signature_and_a_token_together_it_is_the_token_that_permits_too_little(string schemes)
    {
        await using TokenApi api = await StartAsync(app => app.MapGet("/write", () => "").RequireAuthorization(Writers(schemes.Split(','))));
        (string access, _) = await api.LogInAsync();

        RawAnswer answer = await api.Host.SendAsync(api.GetDraft("/write", "Authorization", $"Bearer {access}", signed: true));

        Assert.Equal((403, "scope_missing", TokenChallenge), (answer.Status, answer.Code, answer["WWW-Authenticate"]));
    }

    [Fact]
    public async Task A_missing_API_is_told_before_a_missing_scope()
    {
        await using TokenApi api = await StartAsync(app =>
            app.MapGet("/write", () => "").RequireAuthorization(Writers(["Signature", "AccessToken"])).RequireConnectedApi("orders"));

        RawAnswer answer = await api.Host.SendAsync(api.Host.Draft("GET", "/write"));

        Assert.Equal((403, "api_not_connected"), (answer.Status, answer.Code));
        Assert.Equal("Signature error=\"api_not_connected\", connected_api=\"orders\"", answer["WWW-Authenticate"]);
    }

    [Fact]
    public async Task A_scope_that_an_attribute_of_the_host_requires_is_named()
    {
        await using TokenApi api = await StartAsync(app => app.MapGet("/write", [NeedsScope("orders.write")] () => ""));

        RawAnswer answer = await api.Host.SendAsync(api.Host.Draft("GET", "/write"));

        Assert.Equal((403, "scope_missing", SignatureChallenge), (answer.Status, answer.Code, answer["WWW-Authenticate"]));
    }

    [Fact]
    public async Task A_refusal_whose_reason_only_the_host_knows_names_no_scope()
    {
        await using TokenApi api = await StartAsync(app => app.MapGet("/write", () => "")
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes("Signature").RequireAssertion(_ => false)));

        RawAnswer answer = await api.Host.SendAsync(api.Host.Draft("GET", "/write"));

        Assert.Equal((403, "scope_missing", "Signature error=\"scope_missing\""), (answer.Status, answer.Code, answer["WWW-Authenticate"]));
    }

    [Fact]
    public async Task A_user_of_a_foreign_scheme_is_told_nothing_of_ours()
    {
        await using TokenApi api = await StartAsync(app => app.MapGet("/write", () => "").RequireAuthorization(Writers(["Foreign", "Signature", "AccessToken"])));

        RawAnswer answer = await api.GetAsync(ForeignBearerHandler.Token, "/write");

        Assert.Equal((403, ""), (answer.Status, answer.Text));
        Assert.Null(answer["WWW-Authenticate"]);
    }

    [Fact]
    public async Task The_host_s_log_calls_a_revoked_token_a_token_and_a_revoked_credential_a_credential()
    {
        await using TokenApi api = await StartAsync(_ => { });
        (string access, string refresh) = await api.LogInAsync();
        await api.FormAsync("/auth/revoke", $"token={refresh}", ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)));

        await api.GetAsync(access);
        await api.GetAsync(access[..^1] + (access[^1] == 'A' ? 'B' : 'A'));

        string[] failures = [.. api.Host.Log.Lines.Where(line => line.Text.Contains("Failure message", StringComparison.Ordinal)).Select(line => line.Text)];
        Assert.EndsWith("revoked: The token was revoked, or the login or credential that it rests on.", failures[0], StringComparison.Ordinal);
        Assert.EndsWith("invalid_credential: The token is not one that this API accepts.", failures[1], StringComparison.Ordinal);
    }

    private static AuthorizationPolicy Writers(string[] schemes) => new AuthorizationPolicyBuilder(schemes).RequireClaim("scope", "orders.write").Build();

    private static Task<TokenApi> StartAsync(Action<WebApplication> map) => TokenApi.StartAsync(new TokenApiSettings
    {
        Schemes = authentication =>
        {
            authentication.AddApiToken(options => options.Header = "X-API-Key");
            authentication.AddScheme<AuthenticationSchemeOptions, ForeignBearerHandler>(ForeignBearerHandler.SchemeName, null);
        },
        Map = map,
    });

    private sealed class NeedsScopeAttribute(string scope) : AuthorizeAttribute, IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new ClaimsAuthorizationRequirement("scope", [scope])];
    }
}
