using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

public sealed class PrincipalTests
{
    private static Credential Version => new(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret))) { Scopes = ["read"] };

    [Fact]
    public void The_principal_of_a_version_is_built_once_for_each_scheme_and_issuer()
    {
        Credential credential = Version;

        SignaturePrincipal one = SignaturePrincipal.Of(credential, "A", null);
        SignaturePrincipal other = SignaturePrincipal.Of(credential, "B", null);
        SignaturePrincipal issued = SignaturePrincipal.Of(credential, "A", "issuer");

        Assert.Same(one, SignaturePrincipal.Of(credential, "A", null));
        Assert.Same(other, SignaturePrincipal.Of(credential, "B", null));
        Assert.NotSame(one, SignaturePrincipal.Of(Version, "A", null));
        Assert.Equal(("A", "B"), (one.Identity!.AuthenticationType, other.Identity!.AuthenticationType));
        Assert.All(issued.Claims, claim => Assert.Equal("issuer", claim.Issuer));
        Assert.Equal(ApiHost.Key, one.Identity.Name);
    }

    [Fact]
    public void Whoever_changes_it_is_told_what_to_do_instead()
    {
        SignaturePrincipal principal = SignaturePrincipal.Of(Version, "A", null);
        var identity = (ClaimsIdentity)principal.Identity!;
        var claim = new Claim("a", "b");
        Action[] changes =
        [
            () => principal.AddIdentity(new ClaimsIdentity()),
            () => principal.AddIdentities([new ClaimsIdentity()]),
            () => identity.AddClaim(claim),
            () => identity.AddClaims([claim]),
            () => identity.RemoveClaim(identity.Claims.First()),
            () => identity.TryRemoveClaim(identity.Claims.First()),
        ];

        Assert.All(changes, change => Assert.Contains("Clone()", Assert.Throws<InvalidOperationException>(change).Message, StringComparison.Ordinal));
        Assert.Equal(3, principal.Claims.Count());
    }

    [Fact]
    public void A_clone_is_open_down_to_its_identities_and_leaves_the_original_alone()
    {
        SignaturePrincipal principal = SignaturePrincipal.Of(Version, "A", null);

        ClaimsPrincipal clone = principal.Clone();
        ((ClaimsIdentity)clone.Identity!).AddClaim(new Claim("a", "b"));
        clone.AddIdentity(new ClaimsIdentity([new Claim("c", "d")]));

        Assert.Equal("b", clone.FindFirst("a")?.Value);
        Assert.Null(principal.FindFirst("a"));
        Assert.Single(principal.Identities);
        Assert.True(clone.Identity!.IsAuthenticated);
        Assert.Equal(ApiHost.Key, clone.Identity.Name);
    }

    [Fact]
    public void Accepted_requests_of_one_holder_share_a_verdict_and_what_was_judged_before_leaves_nothing_behind()
    {
        Credential credential = Version;
        SignaturePrincipal user = SignaturePrincipal.Of(credential, "A", null);

        SignatureVerdict first = Accept(credential, user, "A").Settle(isOnly: true);
        SignatureVerdict second = Accept(credential, user, "A").Settle(isOnly: true);
        SignatureVerdict next = SignatureVerdict.Begin("B", previous: null);

        Assert.Same(first, second);
        Assert.Equal((true, credential, user, "A"), (first.IsVerified, first.Credential, first.Principal, first.Scheme));
        Assert.Equal(
            (SignatureStatus.NotVerified, CredentialStatus.None, default(UInt128), 0, "B"),
            (next.Status, next.CredentialStatus, next.Fingerprint, next.TransportStatus, next.Scheme));
        Assert.All([next.Credential, next.Principal, next.ClaimedIn, next.Joined, (object?)next.Previous], Assert.Null);
    }

    [Fact]
    public void A_verdict_is_shared_only_with_requests_of_which_all_the_same_is_to_be_said()
    {
        Credential credential = Version;
        SignaturePrincipal user = SignaturePrincipal.Of(credential, "A", null);
        SignaturePrincipal another = SignaturePrincipal.Of(Version, "A", null);
        SignatureVerdict[] own =
        [
            Accept(credential, another, "A"), // A host has named another user.
            Accept(credential, user, "B"),
            Accept(credential, user.Clone(), "A"),
            Accept(credential, user, "A", CredentialStatus.Expired),
        ];

        Assert.All(own, verdict => Assert.Same(verdict, verdict.Settle(isOnly: true)));
        SignatureVerdict claimed = Accept(credential, user, "A");
        Assert.Same(claimed, claimed.Settle(isOnly: false));
        Assert.Null(user.Accepted);
        Assert.Null(another.Accepted);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_claims_transformation_may_change_what_it_is_given_without_changing_the_next_request(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Build = builder => builder.Services.AddTransient<IClaimsTransformation, AddingTransformation>(),
            Map = MapClaims,
        });

        Assert.Equal("read added added-identity", await ClaimsAsync(host));
        Assert.Equal("read added added-identity", await ClaimsAsync(host));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task The_host_may_give_the_user_more_when_a_request_is_validated(Door door)
    {
        var seen = new List<string>();
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Signature = options => options.Events.OnValidated = context =>
            {
                seen.Add($"{context.Scheme} {context.Credential.Key} {context.HttpContext.Request.Path}");
                ClaimsPrincipal open = context.Principal.Clone();
                ((ClaimsIdentity)open.Identity!).AddClaim(new Claim("scope", "given"));
                context.Principal = open;
                return Task.CompletedTask;
            },
            Map = MapClaims,
        });

        Assert.Equal("read given", await ClaimsAsync(host));
        Assert.Equal("read given", await ClaimsAsync(host));
        Assert.Equal(["Signature key-one /claims", "Signature key-one /claims"], seen);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Events_may_come_from_the_services(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Signature = options => options.EventsType = typeof(EventsOfTheHost),
            Build = builder => builder.Services.AddScoped<EventsOfTheHost>(),
            Map = MapClaims,
        });
        RequestDraft unsigned = host.Draft();
        unsigned.Signed = false;

        Assert.Equal("only this", await ClaimsAsync(host));
        Assert.Equal("418", (await host.SendAsync(unsigned))["X-Teapot"]);
    }

    private static void MapClaims(WebApplication app) =>
        app.MapGet("/claims", (HttpContext context) => string.Join(' ', context.User.FindAll("scope").Select(claim => claim.Value)));

    private static async Task<string> ClaimsAsync(ApiHost host)
    {
        host.Credentials.Set(Version);
        return (await host.SendAsync(host.Draft("GET", "/claims"))).Text;
    }

    private sealed class AddingTransformation : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim("scope", "added"));
            principal.AddIdentity(new ClaimsIdentity([new Claim("scope", "added-identity")]));
            return Task.FromResult(principal);
        }
    }

    private static SignatureVerdict Accept(Credential credential, ClaimsPrincipal user, string scheme, CredentialStatus status = CredentialStatus.Valid)
    {
        SignatureVerdict verdict = SignatureVerdict.Begin(scheme, previous: null);
        verdict.Status = SignatureStatus.Verified;
        verdict.CredentialStatus = status;
        verdict.Credential = credential;
        verdict.Principal = user;
        verdict.Fingerprint = 1;
        return verdict;
    }

    private sealed class EventsOfTheHost : SignatureEvents
    {
        public override Task ValidatedAsync(SignatureValidatedContext context)
        {
            context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("scope", "only this")], context.Scheme));
            return Task.CompletedTask;
        }

        public override Task ChallengeAsync(SignatureChallengeContext context)
        {
            context.HttpContext.Response.Headers["X-Teapot"] = "418";
            return Task.CompletedTask;
        }
    }
}
