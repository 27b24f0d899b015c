using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>Endpoints of both schemes, in either order, with and without the host's own writer of problems: one refusal, written once, and nothing to warn of.</summary>
public sealed class TokenBesideSignatureTests
{
    public static TheoryData<Door, string, bool> Places { get; } = new MatrixTheoryData<Door, string, bool>([Door.Scheme, Door.Middleware], ["/both", "/reversed"], [false, true]);

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_token_that_has_ended_is_told_once(Door door, string target, bool hasWriter)
    {
        await using TokenApi api = await StartAsync(door, hasWriter);
        string token = await LogInAsync(api);
        api.Host.Clock.Advance(TimeSpan.FromMinutes(16));

        RawAnswer answer = await api.Host.SendAsync(api.GetDraft(target, "Authorization", $"Bearer {token}", signed: true));

        Assert.Equal((401, "expired"), (answer.Status, TokenApi.Member(answer, "code")));
        Assert.Contains("code=\"expired\"", Assert.Single(answer.All("WWW-Authenticate")), StringComparison.Ordinal);
        AssertSilent(api);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_signature_that_is_too_old_is_told_once(Door door, string target, bool hasWriter)
    {
        await using TokenApi api = await StartAsync(door, hasWriter);
        RequestDraft late = api.GetDraft(target, "Authorization", $"Bearer {await LogInAsync(api)}", signed: true);
        late.Created -= TimeSpan.FromHours(1);

        RawAnswer answer = await api.Host.SendAsync(late);

        Assert.Equal((401, "too_old"), (answer.Status, TokenApi.Member(answer, "code")));
        Assert.Contains("Signature error=\"too_old\"", answer.All("WWW-Authenticate"));
        AssertSilent(api);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_request_with_neither_is_told_once(Door door, string target, bool hasWriter)
    {
        await using TokenApi api = await StartAsync(door, hasWriter);
        RequestDraft bare = api.Host.Draft("GET", target);
        bare.Signed = false;

        RawAnswer answer = await api.Host.SendAsync(bare);

        // The middleware lets nobody pass without a signature; the schemes are asked in their order.
        Assert.Equal((401, door == Door.Scheme && target == "/reversed" ? "missing_token" : "missing_signature"), (answer.Status, TokenApi.Member(answer, "code")));
        AssertSilent(api);
    }

    private static void AssertSilent(TokenApi api) => Assert.DoesNotContain(
        api.Host.Log.Lines,
        line => line.Level >= LogLevel.Warning && line.Text.Contains("cannot be written", StringComparison.Ordinal));

    private static async Task<string> LogInAsync(TokenApi api) => TokenApi.TokensOf(
        await api.JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret })).Access;

    private static Task<TokenApi> StartAsync(Door door, bool hasWriter) => TokenApi.StartAsync(new TokenApiSettings
    {
        Door = door,
        Build = builder => _ = hasWriter ? builder.Services.AddProblemDetails() : builder.Services,
        Map = app => app.MapGet("/reversed", [Authorize(AuthenticationSchemes = "AccessToken,Signature")] () => "ok"),
    });
}
