using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

public sealed class SchemesSideBySideTests
{
    private const string Other = "Partners";

    [Fact]
    public async Task Each_scheme_applies_its_own_policy_and_selects_signatures_by_its_own_tag()
    {
        await using ApiHost host = await StartAsync(new VerificationPolicy { Tag = "partner", RequiredComponents = ["@method", "@path"] });
        RequestDraft thin = host.Draft("GET", "/partners");
        thin.Covered = "\"@method\" \"@path\"";
        thin.MoreParameters = ";tag=\"partner\"";
        RequestDraft untagged = host.Draft("GET", "/partners");
        RequestDraft elsewhere = host.Draft();
        elsewhere.Covered = thin.Covered;
        elsewhere.MoreParameters = thin.MoreParameters;

        RawAnswer accepted = await host.SendAsync(thin);
        RawAnswer unselected = await host.SendAsync(untagged);
        RawAnswer insufficient = await host.SendAsync(elsewhere);

        Assert.Equal((200, ApiHost.Key), (accepted.Status, accepted.User));
        Assert.Equal((401, "missing_signature"), (unselected.Status, unselected.Code));
        Assert.Equal("sig=(\"@method\" \"@path\");created;alg=\"hmac-sha256\";tag=\"partner\"", unselected["Accept-Signature"]);
        Assert.Equal((401, "insufficient_coverage"), (insufficient.Status, insufficient.Code));
    }

    [Fact]
    public async Task Two_schemes_over_one_store_claim_a_signature_once_for_one_request()
    {
        var verified = new List<string>();
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = Door.Scheme,
            Build = builder => builder.Services.AddSingleton<IReplayStore, ClaimingOnce>(),
            Schemes = authentication => authentication.AddMessageSignature(Other),
            Map = app => app.MapGet("/both", [Authorize(AuthenticationSchemes = "Signature," + Other)] (ClaimsPrincipal user) =>
                verified.AddRange(user.Identities.Select(identity => identity.AuthenticationType!))),
        });
        RequestDraft draft = host.Draft("GET", "/both");

        RawAnswer first = await host.SendAsync(draft);
        RawAnswer second = await host.SendAsync(draft);

        Assert.Equal((200, 401), (first.Status, second.Status));
        Assert.Equal([Other, "Signature"], verified.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_scheme_may_have_a_credential_source_of_its_own()
    {
        var partners = new CredentialBook();
        partners.Set(new Credential("partner-key", new CredentialSecret(new SigningKey("partner-key", ApiHost.Secret))));
        await using ApiHost host = await StartAsync(new VerificationPolicy(), builder => builder.Services.AddKeyedSingleton<ICredentialSource>(Other, partners));
        RequestDraft ours = host.Draft("GET", "/partners");
        ours.KeyId = "partner-key";

        Assert.Equal("partner-key", (await host.SendAsync(ours)).User);
        Assert.Equal("invalid_credential", (await host.SendAsync(host.Draft("GET", "/partners"))).Code);
    }

    [Fact]
    public async Task A_request_without_a_signature_is_left_to_the_other_schemes()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = Door.Scheme,
            Schemes = authentication => authentication.AddScheme<AuthenticationSchemeOptions, PasswordScheme>("Password", null),
            Map = app => app.MapGet("/either", [Authorize(AuthenticationSchemes = "Signature,Password")] (ClaimsPrincipal user) => user.Identity!.Name),
        });
        RequestDraft password = host.Draft("GET", "/either").With("X-Password", "right");
        password.Signed = false;
        RequestDraft neither = host.Draft("GET", "/either");
        neither.Signed = false;

        RawAnswer refused = await host.SendAsync(neither);

        Assert.Equal("a user", (await host.SendAsync(password)).Text);
        Assert.Equal(ApiHost.Key, (await host.SendAsync(host.Draft("GET", "/either"))).Text);
        Assert.Equal(401, refused.Status);
        Assert.Equal(["Signature error=\"missing_signature\"", "Password"], refused.All("WWW-Authenticate"));
        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData("Signature,Cookies", 302, null)]
    [InlineData("Signature,Password", 401, null)]
    [InlineData("Cookies,Signature", 401, "missing_signature")]
    [InlineData("Password,Signature", 401, "missing_signature")]
    public async Task A_refusal_is_what_the_last_scheme_makes_of_it_and_has_the_code_as_content_where_that_is_ours(string schemes, int status, string? code)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = Door.Scheme,
            Schemes = authentication => authentication.AddScheme<AuthenticationSchemeOptions, PasswordScheme>("Password", null).AddCookie("Cookies"),
            Map = app => app.MapGet("/page", () => "").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = schemes }),
        });
        RequestDraft draft = host.Draft("GET", "/page");
        draft.Signed = false;

        RawAnswer refused = await host.SendAsync(draft);

        Assert.Equal((status, code), (refused.Status, refused.Code));
        Assert.Contains("Signature error=\"missing_signature\"", refused.All("WWW-Authenticate"));
        Assert.Equal(200, (await host.SendAsync(host.Draft("GET", "/page"))).Status);
        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData("AccessToken,Either", "/page", 401, "missing_token")]
    [InlineData("AccessToken,Outer", "/page", 401, "missing_token")]
    [InlineData("Either,AccessToken", "/page", 401, "missing_signature")]
    [InlineData("AccessToken,Either", "/closed", 403, "scope_missing")]
    [InlineData("AccessToken,Outer", "/closed", 403, "scope_missing")]
    [InlineData("AccessToken,Parted", "/page", 401, null)]
    [InlineData("AccessToken,Parted", "/closed", 403, "scope_missing")]
    public async Task A_policy_scheme_that_hands_on_to_ours_is_ours_where_it_is_the_last(string schemes, string target, int status, string? code)
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Schemes = authentication => authentication
                .AddScheme<AuthenticationSchemeOptions, PasswordScheme>("Password", null)
                .AddPolicyScheme("Either", null, either => either.ForwardDefaultSelector = static context => context.Request.Headers.ContainsKey("X-Password") ? "Password" : "Signature")
                .AddPolicyScheme("Outer", null, outer => outer.ForwardDefault = "Either")
                .AddPolicyScheme("Parted", null, parted => (parted.ForwardDefault, parted.ForwardAuthenticate, parted.ForwardForbid) = ("Password", "Signature", "Signature")),
            Map = app =>
            {
                app.MapGet("/page", () => "").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = schemes });
                app.MapGet("/closed", () => "").RequireAuthorization(new AuthorizationPolicyBuilder(schemes.Split(',')).RequireClaim("scope", "none").Build());
            },
        });
        RequestDraft draft = api.Host.Draft("GET", target);
        draft.Signed = status == 403;

        RawAnswer refused = await api.Host.SendAsync(draft);

        Assert.Equal((status, code), (refused.Status, refused.Code));
        Assert.Empty(api.Host.Log.Alarms);
    }

    [Fact]
    public async Task A_policy_scheme_that_hands_on_to_itself_is_an_error_of_the_request_and_not_the_end_of_the_process()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Schemes = authentication => authentication.AddPolicyScheme("Own", null, own => (own.ForwardDefault, own.ForwardAuthenticate) = ("Own", "Signature")),
            Map = app => app.MapGet("/page", () => "").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "AccessToken,Own" }),
        });
        RequestDraft draft = api.Host.Draft("GET", "/page");
        draft.Signed = false;

        RawAnswer refused = await api.Host.SendAsync(draft);

        Assert.Equal(500, refused.Status);
    }

    [Fact]
    public async Task Our_503_is_not_hidden_by_the_401_of_a_scheme_beside_ours()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = Door.Scheme,
            Schemes = authentication => authentication.AddScheme<AuthenticationSchemeOptions, PasswordScheme>("Password", null),
            Map = app => app.MapGet("/either", [Authorize(AuthenticationSchemes = "Signature,Password")] () => ""),
        });
        host.Credentials.Failure = new InvalidOperationException("The database is away.");

        RawAnswer answer = await host.SendAsync(host.Draft("GET", "/either"));

        Assert.Equal(503, answer.Status);
        Assert.NotNull(answer["Retry-After"]);
    }

    private static Task<ApiHost> StartAsync(VerificationPolicy policy, Action<WebApplicationBuilder>? build = null) => ApiHost.StartAsync(new ApiHostSettings
    {
        Door = Door.Scheme,
        Build = build ?? (static _ => { }),
        Schemes = authentication => authentication.AddMessageSignature(Other, options => options.Policy = policy),
        Map = app => app.MapGet("/partners", [Authorize(AuthenticationSchemes = Other)] (HttpContext context) =>
            context.Response.Headers["X-User"] = context.User.FindFirstValue(SignatureClaimNames.KeyId)),
    });

    private sealed class ClaimingOnce : IReplayStore
    {
        private readonly HashSet<UInt128> _claimed = [];

        public ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken) =>
            ValueTask.FromResult(_claimed.Add(fingerprint) ? ReplayClaim.Claimed : ReplayClaim.AlreadyClaimed);
    }

    private sealed class PasswordScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["X-Password"] == "right"
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "a user")], Scheme.Name)), Scheme.Name))
            : AuthenticateResult.NoResult());

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Response.StatusCode = 401;
            Response.Headers.Append("WWW-Authenticate", "Password");
            return Task.CompletedTask;
        }
    }
}
