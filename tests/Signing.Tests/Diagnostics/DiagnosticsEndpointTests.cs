using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Management;
using Signing.Tests.Support;

namespace Signing.Tests.Diagnostics;

public sealed class DiagnosticsEndpointTests
{
    private const string Path = "/signing/diagnostics";

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_caller_learns_what_the_server_saw_and_that_its_signature_verified(Door door)
    {
        await using ApiHost host = await StartAsync("Development", door);
        RequestDraft draft = host.Draft("GET", Path + "/a%2Fb?x=1").With("X-Forwarded-Proto", "https").With("Via", "1.1 proxy");

        RawAnswer answer = await host.SendAsync(draft);
        using JsonDocument diagnosis = JsonDocument.Parse(answer.Text);
        JsonElement root = diagnosis.RootElement;

        Assert.Equal((200, "application/json", "no-store", "nosniff"), (answer.Status, answer["Content-Type"], answer["Cache-Control"], answer["X-Content-Type-Options"]));
        Assert.Equal(("Signature", "verified"), (Text(root, "scheme_name"), Text(root, "status")));
        Assert.Equal("2030-01-01T12:00:10.400Z", Text(root, "now"));
        Assert.Equal(
            $$"""{"method":"GET","scheme":"http","authority":"{{host.Authority}}","path":"/signing/diagnostics/a%2Fb","query":"?x=1","request_target":"/signing/diagnostics/a%2Fb?x=1","http_version":"1.1"}""",
            root.GetProperty("seen").GetRawText());
        Assert.Equal("""["via","x-forwarded-proto"]""", root.GetProperty("forwarded").GetRawText());
        Assert.Equal("""["@method","@authority","@path","@query"]""", root.GetProperty("required").GetRawText());
        Assert.Equal("""["content-digest","content-type","content-encoding","authorization"]""", root.GetProperty("covered_if_present").GetRawText());
        Assert.Equal(new List<string> { "\"@method\"", "\"@authority\"", "\"@path\"", "\"@query\"" }, Texts(root, "covered"));
        Assert.Equal((300, 5), (root.GetProperty("max_age_seconds").GetInt32(), root.GetProperty("future_skew_seconds").GetInt32()));
        Assert.Equal(draft.Created.ToUnixTimeSeconds(), root.GetProperty("created").GetInt64());
        Assert.Equal(draft.SignatureBase(), Text(root, "signature_base"));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("public_origin").ValueKind);
        Assert.DoesNotContain(draft.Mac(), answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hosts_output_cache_tells_nobody_what_was_seen_of_another()
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Environment = "Development",
            Services = services => services.AddOutputCache(options => options.AddBasePolicy(policy => policy.Expire(TimeSpan.FromMinutes(5)))),
            Map = app =>
            {
                app.UseOutputCache();
                app.MapSigningDiagnostics();
            },
        });

        RawAnswer unsigned = await host.Stranger().OpenAsync(Path);
        RawAnswer signed = await host.SendAsync(host.Draft(host.Own.KeyPair, host.Own.Texts[0], target: Path));

        Assert.Contains("\"status\":\"missing_signature\"", unsigned.Text);
        Assert.Contains("\"status\":\"verified\"", signed.Text);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_signature_that_fails_is_diagnosed_all_the_same(Door door)
    {
        await using ApiHost host = await StartAsync("Development", door);
        RequestDraft altered = host.Draft("PUT", Path);
        altered.SignedMethod = "GET";
        RequestDraft unknown = host.Draft("GET", Path);
        unknown.KeyId = "nobody";
        RequestDraft late = host.Draft("GET", Path);
        late.Created -= TimeSpan.FromDays(30);
        RequestDraft thin = host.Draft("GET", Path);
        thin.Covered = "\"@query-param\";name=\"x\" \"@path\" \"x-odd\"";
        thin.Values["\"@query-param\";name=\"x\""] = "";
        RequestDraft replayed = host.Draft("GET", Path);
        RequestDraft unsigned = host.Draft("GET", Path);
        unsigned.Signed = false;

        Assert.Equal("invalid_credential", await StatusAsync(host, altered));
        Assert.Equal("invalid_credential", await StatusAsync(host, unknown));
        Assert.Equal("too_old", await StatusAsync(host, late));
        Assert.Equal(("verified", "replayed"), (await StatusAsync(host, replayed), await StatusAsync(host, replayed)));
        Assert.Equal("missing_signature", await StatusAsync(host, unsigned));
        using JsonDocument diagnosis = JsonDocument.Parse((await host.SendAsync(thin)).Text);
        Assert.Equal("insufficient_coverage", Text(diagnosis.RootElement, "status"));
        Assert.Equal(new List<string> { "\"@query-param\";name=\"x\"", "\"@path\"", "\"x-odd\"" }, Texts(diagnosis.RootElement, "covered"));
        Assert.Null(Text(diagnosis.RootElement, "signature_base"));
        Assert.Contains("\"@method\": PUT\n", await BaseAsync(host, altered), StringComparison.Ordinal);
        Assert.Equal(late.SignatureBase(), await BaseAsync(host, late));
        Assert.Null(await BaseAsync(host, unsigned));
    }

    [Theory]
    [InlineData("sig1=(\"@method\"")]
    [InlineData("sig1=()")]
    [InlineData("sig1=(\"@status\");created=1;keyid=\"a\"")]
    [InlineData("sig1=5, sig2=(\"\");created=99999999999999999")]
    [InlineData("")]
    public async Task What_is_no_signature_is_none_to_the_diagnosis(string input)
    {
        await using ApiHost host = await StartAsync("Development");
        RequestDraft draft = host.Draft("GET", Path);
        draft.SentInput = input;

        RawAnswer answer = await host.SendAsync(draft);
        using JsonDocument diagnosis = JsonDocument.Parse(answer.Text);

        Assert.Equal(200, answer.Status);
        Assert.Equal(JsonValueKind.Null, diagnosis.RootElement.GetProperty("created").ValueKind);
        Assert.Empty(Texts(diagnosis.RootElement, "covered"));
    }

    [Fact]
    public async Task The_public_origin_is_what_is_verified_and_what_came_is_what_is_seen()
    {
        await using ApiHost host = await StartAsync("Development", publicOrigin: "https://api.example.com/v1");
        RequestDraft draft = host.Draft("GET", Path);
        draft.SignedTarget = "/v1" + Path;
        draft.SignedAuthority = "api.example.com";

        using JsonDocument diagnosis = JsonDocument.Parse((await host.SendAsync(draft)).Text);

        Assert.Equal(("verified", "https://api.example.com/v1"), (Text(diagnosis.RootElement, "status"), Text(diagnosis.RootElement, "public_origin")));
        Assert.Equal((host.Authority, Path), (Text(diagnosis.RootElement.GetProperty("seen"), "authority"), Text(diagnosis.RootElement.GetProperty("seen"), "path")));
    }

    [Fact]
    public async Task Of_several_signatures_the_one_with_the_tag_of_the_policy_is_shown()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Environment = "Development",
            Signature = options => options.Policy = new VerificationPolicy { Tag = "app" },
            Map = app => app.MapSigningDiagnostics(),
        });
        RequestDraft draft = host.Draft("GET", Path);
        draft.MoreParameters = ";tag=\"app\"";
        draft.SentInput = $"other=(\"@path\");created=1;keyid=\"x\", sig1={draft.SignatureParams}";
        draft.SentSignature = $"other=:{Convert.ToBase64String(new byte[32])}:, sig1=:{draft.Mac()}:";

        Assert.Equal(draft.SignatureBase(), await BaseAsync(host, draft));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Outside_Development_it_is_closed_until_it_has_a_policy(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Map = app =>
            {
                app.MapSigningDiagnostics();
                app.MapSigningDiagnostics("/opened").AllowAnonymous();
            },
        });

        foreach (string target in (string[])[Path, "/opened"])
        {
            RawAnswer answer = await host.SendAsync(host.Draft("GET", target));
            Assert.Equal((403, "forbidden", "no-store"), (answer.Status, answer.Code, answer["Cache-Control"]));
            Assert.DoesNotContain("signature_base", answer.Text, StringComparison.Ordinal);
        }

        Assert.Equal(2, host.Log.Lines.Count(line => line is { Id: 10, Category: "Signing.AspNetCore" }));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Outside_Development_whoever_the_policy_lets_in_has_a_failed_signature_diagnosed(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Authorize = true,
            Build = builder => builder.Services.AddAuthorization(options => options.AddPolicy("ops", policy => policy.AddAuthenticationSchemes(PersonHandler.SchemeName).RequireRole("ops"))),
            Schemes = schemes => schemes.AddScheme<AuthenticationSchemeOptions, PersonHandler>(PersonHandler.SchemeName, static _ => { }),
            Map = app => app.MapSigningDiagnostics().RequireAuthorization("ops"),
        });
        RequestDraft draft = host.Draft("GET", Path).With(PersonHandler.NameHeader, "Ann").With(PersonHandler.RolesHeader, "ops").With("X-Gateway-Secret", "s3cret").With("Authorization", "Basic abc");
        draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"authorization\" \"x-gateway-secret\"";
        draft.Secret += "x";
        RequestDraft stranger = host.Draft("GET", Path);

        Assert.Equal("invalid_credential", await StatusAsync(host, draft));
        string shown = (await BaseAsync(host, draft))!;
        Assert.Contains("\n\"authorization\": (9 characters, not shown)\n\"x-gateway-secret\": (6 characters, not shown)\n\"@signature-params\": ", shown, StringComparison.Ordinal);
        Assert.NotEqual(200, (await host.SendAsync(stranger)).Status);
    }

    [Fact]
    public async Task In_Development_it_is_open_to_this_machine_alone_whatever_the_fallback_policy()
    {
        string peer = "192.0.2.1";
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Environment = "Development",
            Authorize = true,
            Build = builder => builder.Services.AddAuthorization(options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()),
            Before = app => app.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
                return next(context);
            }),
            Map = app => app.MapSigningDiagnostics(),
        });
        RequestDraft unsigned = host.Draft("GET", Path);
        unsigned.Signed = false;

        Assert.Equal(403, (await host.SendAsync(unsigned)).Status);
        peer = "::ffff:127.0.0.1";
        Assert.Equal(200, (await host.SendAsync(unsigned)).Status);
    }

    [Fact]
    public async Task Where_the_door_alone_stands_for_authorization_only_whoever_it_lets_in_is_told()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Map = app => app.MapSigningDiagnostics().RequireConnectedApi("ops") });
        RequestDraft unsigned = host.Draft("GET", Path);
        unsigned.Signed = false;
        RequestDraft wrong = host.Draft("GET", Path);
        wrong.Secret += "x";

        Assert.Equal((401, "missing_signature"), await AnswerAsync(host, unsigned));
        Assert.Equal((401, "invalid_credential"), await AnswerAsync(host, wrong));
        Assert.Equal((403, "api_not_connected"), await AnswerAsync(host, host.Draft("GET", Path)));
        host.Credentials.Set(new Credential(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret))) { ConnectedApis = ["ops"] });
        Assert.Equal("verified", await StatusAsync(host, host.Draft("GET", Path)));
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_policy_that_nobody_asks_opens_nothing(string environment)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Environment = environment,
            Map = app => app.MapSigningDiagnostics().WithMetadata(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()),
        });
        RequestDraft unsigned = host.Draft("GET", Path);
        unsigned.Signed = false;

        Assert.Equal((403, "forbidden"), await AnswerAsync(host, unsigned));
        Assert.Equal((403, "forbidden"), await AnswerAsync(host, host.Draft("GET", Path)));
    }

    [Fact]
    public async Task A_scheme_that_is_not_registered_cannot_be_diagnosed()
    {
        await using ApiHost host = await ApiHost.StartAsync();

        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => host.App.MapSigningDiagnostics(scheme: "Other"));
        Assert.EndsWith("but Signature. Name the one to diagnose: MapSigningDiagnostics(\"/signing/diagnostics\", \"Signature\").", failure.Message, StringComparison.Ordinal);
    }

    private static Task<ApiHost> StartAsync(string environment, Door door = Door.Middleware, string? publicOrigin = null) => ApiHost.StartAsync(new ApiHostSettings
    {
        Door = door,
        Environment = environment,
        Signature = options => options.PublicOrigin = publicOrigin is null ? null : new Uri(publicOrigin),
        Map = app => app.MapSigningDiagnostics(Path),
    });

    private static async Task<(int Status, string? Code)> AnswerAsync(ApiHost host, RequestDraft draft)
    {
        RawAnswer answer = await host.SendAsync(draft);
        return (answer.Status, answer.Code);
    }

    private static async Task<string?> StatusAsync(ApiHost host, RequestDraft draft)
    {
        RawAnswer answer = await host.SendAsync(draft);
        Assert.Equal(200, answer.Status);
        using JsonDocument diagnosis = JsonDocument.Parse(answer.Text);
        return Text(diagnosis.RootElement, "status");
    }

    private static async Task<string?> BaseAsync(ApiHost host, RequestDraft draft)
    {
        using JsonDocument diagnosis = JsonDocument.Parse((await host.SendAsync(draft)).Text);
        return Text(diagnosis.RootElement, "signature_base");
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static List<string> Texts(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];
}
