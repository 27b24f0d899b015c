using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Diagnostics;

/// <summary>What the signature base in a 401 gives away, and to whom.</summary>
public sealed class ShownSignatureBaseTests
{
    private const string Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"content-type\" \"authorization\" \"cookie\" \"x-api-key\" \"x-gateway-secret\" \"x-named\";key=\"a\"";

    [Theory]
    [InlineData("Development", "Basic YTpi", "sid=1", "key-of-anna", "added by the gateway")]
    [InlineData("Production", "(10 characters, not shown)", "(5 characters, not shown)", "(11 characters, not shown)", "(20 characters, not shown)")]
    public async Task Outside_Development_nobody_reads_what_a_gateway_or_a_browser_has_added(string environment, string authorization, string cookie, string apiKey, string gateway)
    {
        await using ApiHost host = await StartAsync(environment);
        RequestDraft stranger = Draft(host);
        stranger.KeyId = "nobody";

        string? shown = BaseOf(await host.SendAsync(stranger));

        Assert.Equal(
            stranger.SignatureBase().Replace("Basic YTpi", authorization, StringComparison.Ordinal).Replace("sid=1", cookie, StringComparison.Ordinal)
                .Replace("key-of-anna", apiKey, StringComparison.Ordinal).Replace("added by the gateway", gateway, StringComparison.Ordinal)
                .Replace("key=\"a\": 1", environment == "Development" ? "key=\"a\": 1" : "key=\"a\": (1 characters, not shown)", StringComparison.Ordinal),
            shown);
    }

    [Theory]
    [InlineData("authorization")]
    [InlineData("proxy-authorization")]
    [InlineData("cookie")]
    [InlineData("set-cookie")]
    public async Task Outside_Development_a_credential_is_shown_to_nobody_though_the_policy_names_its_field(string name)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Signature = options =>
            {
                options.ShowSignatureBase = true;
                options.Policy = new VerificationPolicy { CoveredIfPresent = [name, "x-tenant"] };
            },
        });
        RequestDraft stranger = host.Draft().With(name, "Basic cDpx").With("x-tenant", "blue");
        stranger.Covered = $"\"@method\" \"@authority\" \"@path\" \"@query\" \"{name}\" \"x-tenant\"";
        stranger.KeyId = "nobody";

        RawAnswer answer = await host.SendAsync(stranger);

        Assert.Equal(stranger.SignatureBase().Replace("Basic cDpx", "(10 characters, not shown)", StringComparison.Ordinal), BaseOf(answer));
        Assert.Contains("\"x-tenant\": blue\n", BaseOf(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_MAC_that_another_signature_covers_is_shown_nowhere()
    {
        await using ApiHost host = await StartAsync("Development");
        string mac = Convert.ToBase64String(new byte[32]);
        RequestDraft draft = host.Draft();
        draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"signature\";key=\"proxy\"";
        draft.Values["\"signature\";key=\"proxy\""] = $":{mac}:";
        draft.KeyId = "nobody";
        draft.SentInput = $"sig1={draft.SignatureParams}, proxy=(\"@path\");created=1;keyid=\"p\";alg=\"rsa-pss-sha512\"";
        draft.SentSignature = $"sig1=:{draft.Mac()}:, proxy=:{mac}:";

        RawAnswer answer = await host.SendAsync(draft);

        Assert.Contains("\"signature\";key=\"proxy\": (46 characters, not shown)\n", BaseOf(answer), StringComparison.Ordinal);
        Assert.DoesNotContain(mac, answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_in_no_log_and_no_cache_may_keep_it()
    {
        await using ApiHost host = await StartAsync("Development");
        var log = new RecordedLog<MessageSigningHandler>();
        using var client = new HttpClient(new MessageSigningHandler(new MessageSigningOptions { Key = "nobody", Secret = "a secret of nobody's" }, timeProvider: host.Clock, logger: log));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host.Authority}/orders?customer=anna");
        request.Headers.TryAddWithoutValidation("Authorization", "Basic YTpi");

        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("YTpi", text, StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.NotEmpty(log.Lines);
        Assert.All(log.Lines.Concat(host.Log.Lines.Select(line => line.Text + line.Exception)), line =>
        {
            Assert.DoesNotContain("@signature-params", line, StringComparison.Ordinal);
            Assert.DoesNotContain("YTpi", line, StringComparison.Ordinal);
        });
    }

    private static Task<ApiHost> StartAsync(string environment) => ApiHost.StartAsync(new ApiHostSettings
    {
        Environment = environment,
        Signature = options =>
        {
            options.ShowSignatureBase = environment == "Development" ? null : true;

            // A token's own field stays hidden although the policy names it.
            options.Policy = new VerificationPolicy { CoveredIfPresent = [.. options.Policy.CoveredIfPresent, "x-api-key"], FieldTypes = new Dictionary<string, FieldType> { ["x-named"] = FieldType.Dictionary } };
        },
        Schemes = schemes => schemes.AddApiToken(options => options.Header = "X-Api-Key"),
    });

    private static RequestDraft Draft(ApiHost host)
    {
        RequestDraft draft = host.Draft("GET", "/orders?id=7").With("Content-Type", "text/plain").With("Authorization", "Basic YTpi").With("Cookie", "sid=1")
            .With("X-Api-Key", "key-of-anna").With("X-Gateway-Secret", "added by the gateway").With("X-Named", "a=1");
        draft.Covered = Covered;
        draft.Values["\"x-named\";key=\"a\""] = "1";
        return draft;
    }

    private static string? BaseOf(RawAnswer answer)
    {
        Assert.Equal((401, "invalid_credential"), (answer.Status, answer.Code));
        using JsonDocument problem = JsonDocument.Parse(answer.Text);
        return problem.RootElement.GetProperty("signature_base").GetString();
    }
}
