using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Several;

/// <summary>Endpoints that take the caller's signature or the gateway's.</summary>
public sealed class AnyOfTests
{
    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Either_signature_is_enough_and_names_the_user(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door);
        RequestDraft gateway = host.Gateway(host.Caller("/any"), covers: false);
        gateway.Fields.Clear();

        RawAnswer callers = await host.SendAsync(host.Caller("/any"));
        RawAnswer gateways = await host.SendAsync(gateway);

        Assert.Equal((200, SeveralHost.CallerKey, "1"), (callers.Status, callers.User, callers["X-Identities"]));
        Assert.Equal((200, SeveralHost.GatewayKey, "1"), (gateways.Status, gateways.User, gateways["X-Identities"]));
    }

    [Fact]
    public async Task Of_two_the_first_listed_counts_and_the_other_is_not_asked()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Scheme);

        RawAnswer answer = await host.SendAsync(host.Gateway(host.Caller("/any")));

        Assert.Equal((200, SeveralHost.CallerKey, "1", "none"), (answer.Status, answer.User, answer["X-Identities"], answer["X-Gateway"]));
        Assert.Equal(0, host.Gateways.LookUps);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_broken_one_beside_a_good_one_denies_nobody(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door);
        RequestDraft caller = host.Caller("/any");
        caller.Secret = "not the secret of the caller at all";

        Assert.Equal((200, SeveralHost.GatewayKey), await StatusAndUser(host.SendAsync(host.Gateway(caller))));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task The_most_telling_refusal_is_answered_once(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door);
        RequestDraft wrong = host.Gateway(host.Caller("/any"), covers: false);
        wrong.Fields.Clear();
        wrong.Secret = "not the secret of the gateway at all";

        RawAnswer refused = await host.SendAsync(wrong);
        host.Callers.Failure = new InvalidOperationException("The database is away.");
        RawAnswer away = await host.SendAsync(host.Caller("/any"));

        Assert.Equal((401, "invalid_credential"), (refused.Status, refused.Code));
        Assert.Equal(["Signature error=\"invalid_credential\""], refused.All("WWW-Authenticate"));
        Assert.Equal((503, "credential_store_unavailable"), (away.Status, away.Code));
    }

    [Fact]
    public async Task Content_that_the_server_itself_rejects_is_more_telling_than_a_wrong_MAC()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Middleware, before: app => app.Use((context, next) =>
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = 4;
            return next(context);
        }));
        RequestDraft caller = host.Caller("/any", "POST", "12345"u8.ToArray());
        caller.Secret = "not the secret of the caller at all";

        Assert.Equal(413, (await host.SendAsync(host.Gateway(caller))).Status);
    }

    [Fact]
    public async Task A_replayed_signature_stays_replayed()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Scheme);
        RequestDraft caller = host.Caller("/any");

        Assert.Equal(200, (await host.SendAsync(caller)).Status);
        RawAnswer again = await host.SendAsync(caller);

        Assert.Equal((401, "replayed"), (again.Status, again.Code));
    }

    [Theory]
    [InlineData(Door.Scheme, 0, false)]
    [InlineData(Door.Middleware, 0, false)]
    [InlineData(Door.Middleware, 60, false)]
    [InlineData(Door.Middleware, 0, true)]
    public async Task What_one_scheme_has_accepted_no_other_accepts_that_knows_the_same_keys(Door door, int secondsLater, bool isCopied)
    {
        var copy = new CredentialBook();
        copy.Set(SeveralHost.CredentialOf(ApiHost.Key, ApiHost.Secret));
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Signature = options => options.Policy = new VerificationPolicy { MaxAge = TimeSpan.FromSeconds(30) },
            Build = builder => _ = isCopied ? builder.Services.AddKeyedSingleton<ICredentialSource>("Former", copy) : builder.Services,
            Schemes = authentication => authentication.AddMessageSignature("Former"),
            Map = app => app.Map("/any", () => "Executed.").RequireAnySignature("Signature", "Former"),
        });
        RequestDraft draft = host.Draft(target: "/any");

        Assert.Equal(200, (await host.SendAsync(draft)).Status);
        host.Clock.Advance(TimeSpan.FromSeconds(secondsLater));
        RawAnswer again = await host.SendAsync(draft);

        Assert.Equal(401, again.Status);
        Assert.Equal(secondsLater == 0 ? "replayed" : "too_old", again.Code);
    }

    private static async Task<(int Status, string? User)> StatusAndUser(Task<RawAnswer> sending)
    {
        RawAnswer answer = await sending;
        return (answer.Status, answer.User);
    }

    [Theory]
    [InlineData("Caller", false)]
    [InlineData("Gateway", true)]
    public async Task Who_was_let_in_among_alternatives_is_not_taken_by_the_page_of_an_error_for_the_user_of_another_scheme(string scheme, bool isLetIn)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(
            Door.Scheme,
            before: app => app.UseExceptionHandler("/sorry"),
            map: app =>
            {
                app.Map("/fails", _ => throw new InvalidDataException("The endpoint fails.")).RequireAnySignature("Caller", "Gateway");
                app.Map("/sorry", () => "Sorry.").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = scheme });
            });
        RequestDraft gateway = host.Gateway(host.Caller("/fails"), covers: false);
        gateway.Fields.Clear();

        RawAnswer answer = await host.SendAsync(gateway);

        Assert.Equal(isLetIn ? (500, "Sorry.") : (401, ""), (answer.Status, isLetIn ? answer.Text : ""));
        Assert.Equal(isLetIn ? null : "missing_signature", answer.Code);
    }
}
