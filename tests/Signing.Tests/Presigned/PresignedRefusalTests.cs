using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Presigned;

/// <summary>What is refused, over Kestrel, and in which words.</summary>
public sealed class PresignedRefusalTests
{
    private const string Basic = "Authorization: Basic dXNlcjpwYXNz\r\n";

    private static readonly string Token = new CredentialFormat("sgn").CreateApiToken("live");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_URL_works_until_it_expires(Door door)
    {
        await using ApiHost host = await PresignedHost.StartAsync(door);
        string url = host.Url().Signed;

        host.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await host.FollowAsync(url)).Status);
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((401, "expired_signature"), await host.SeenAsync(url));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Each_reason_has_its_code(Door door)
    {
        await using ApiHost host = await PresignedHost.StartAsync(door);
        PresignedDraft url = host.Url();

        Assert.Equal((401, "missing_signature"), await host.SeenAsync("/reports/7.pdf"));
        Assert.Equal((401, "malformed_signature"), await host.SeenAsync("/reports/7.pdf?signature=x"));
        Assert.Equal((401, "malformed_signature"), await host.SeenAsync(url.Signed + "&utm_source=mail"));
        Assert.Equal((401, "malformed_signature"), await host.SeenAsync(url.Signed + "&signature=" + url.Value));
        Assert.Equal((401, "malformed_signature"), await host.SeenAsync(url.Signed.Replace("signature=", "sign%61ture=", StringComparison.Ordinal)));
        Assert.Equal((401, "invalid_credential"), await host.SeenAsync(url.Signed.Replace("page=2", "page=3", StringComparison.Ordinal)));
        Assert.Equal((401, "invalid_credential"), await host.SeenAsync(url.Signed.Replace("7.pdf", "8.pdf", StringComparison.Ordinal)));
        Assert.Equal((401, "invalid_credential"), await host.SeenAsync(url.Signed.Replace("7.pdf", "%37.pdf", StringComparison.Ordinal)));
        Assert.Equal((401, "invalid_credential"), await host.SeenAsync((url with { KeyId = "nobody" }).Signed));
        Assert.Equal((401, "invalid_credential"), await host.SeenAsync((url with { Authority = "evil.example" }).Signed));
        Assert.Equal((401, "created_in_future"), await host.SeenAsync((url with { Created = url.Created + 60 }).Signed));
        Assert.Equal((401, "lifetime_too_long"), await host.SeenAsync((url with { Lifetime = 604_801 }).Signed));
        Assert.Equal(0, host.Calls);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_CONNECT_that_opens_no_WebSocket_has_no_proof_in_its_URL(Door door)
    {
        await using ApiHost host = await PresignedHost.StartAsync(door);
        string url = host.Url().Signed;
        (string, string)[] tunnel = [(":method", "CONNECT"), (":protocol", "tunnel"), (":scheme", "http"), (":authority", host.Authority), (":path", url)];

        RawAnswer first = await host.FollowAsync(url, "CONNECT");
        RawAnswer second = await RawHttp2.SendAsync(host.Http2Port, tunnel);

        Assert.Equal([(401, "missing_signature"), (401, "missing_signature")], ((RawAnswer[])[first, second]).Select(answer => (answer.Status, answer.Code)));
    }

    [Theory]
    [InlineData("/reports/../reports/7.pdf")]
    [InlineData("/reports/./7.pdf")]
    [InlineData("/reports//7.pdf")]
    [InlineData("/%72eports/7.pdf")]
    [InlineData("/reports/%2e%2e/reports/7.pdf")]
    public async Task A_path_that_only_means_the_same_is_another_one(string path)
    {
        await using ApiHost host = await PresignedHost.StartAsync();
        PresignedDraft url = host.Url();

        Assert.Equal("invalid_credential", (await host.FollowAsync(url.Signed.Replace("/reports/7.pdf", path, StringComparison.Ordinal))).Code);
        Assert.Equal(200, (await host.FollowAsync((url with { Target = path }).Signed)).Status);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task A_URL_is_no_signature_of_another_method(string method)
    {
        await using ApiHost host = await PresignedHost.StartAsync();

        Assert.Equal("missing_signature", (await host.FollowAsync((host.Url() with { Method = method }).Signed, method)).Code);
        Assert.Equal("missing_signature", (await host.FollowAsync(host.Url().Signed, method)).Code);
    }

    [Theory]
    [InlineData("GET", "Content-Length: 2\r\n", "{}")]
    [InlineData("HEAD", "Content-Length: 2\r\n", "{}")]
    [InlineData("GET", "Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")]
    public async Task Content_is_refused_because_no_URL_covers_it(string method, string fields, string content)
    {
        await using ApiHost host = await PresignedHost.StartAsync();

        RawAnswer answer = await HeadOfAsync(host, $"{method} {host.Url().Signed} HTTP/1.1\r\nHost: {host.Authority}\r\nConnection: close\r\n{fields}\r\n{content}");

        Assert.Equal((401, "Signature error=\"missing_digest\""), (answer.Status, answer["WWW-Authenticate"]));
    }

    [Fact]
    public async Task Content_over_HTTP_2_is_refused_too()
    {
        await using ApiHost host = await PresignedHost.StartAsync();
        using var client = new HttpClient();
        PresignedDraft url = host.Url() with { Authority = host.Http2Authority };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host.Http2Authority}{url.Signed}")
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("x"),
        };
        request.Content.Headers.ContentType = null;

        using HttpResponseMessage answer = await client.SendAsync(request, Stop);

        Assert.Equal("missing_digest", JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_URL_beside_another_credential_is_ambiguous(Door door)
    {
        await using ApiHost host = await PresignedHost.StartAsync(door);
        string url = host.Url().Signed;
        string forged = host.Url().Signed.Replace("page=2", "page=3", StringComparison.Ordinal);

        Assert.Equal((401, "ambiguous_credentials"), await SeenAsync(host, host.Draft("GET", url)));
        Assert.Equal((401, "ambiguous_credentials"), await SeenAsync(host, host.Draft("GET", forged)));
        Assert.Equal((401, "ambiguous_credentials"), await host.SeenAsync(url, Basic));
        Assert.Equal((401, "ambiguous_credentials"), await host.SeenAsync(url, "Signature: x=:AAAA:\r\n"));
        Assert.Equal((401, "ambiguous_credentials"), await host.SeenAsync(url, "Signature-Input: x=()\r\n"));
        Assert.Equal(200, (await host.FollowAsync(url)).Status);
        Assert.Equal(200, (await host.SendAsync(host.Draft("GET", "/reports/7.pdf"))).Status);
    }

    [Theory]
    [InlineData("Signature")]
    [InlineData("ApiToken")]
    [InlineData("Signature,ApiToken")]
    [InlineData("ApiToken,Signature")]
    public async Task A_URL_beside_a_token_is_ambiguous_whichever_scheme_is_asked(string schemes)
    {
        await using ApiHost host = await StartWithTokensAsync(schemes);
        string url = host.Url("/both").Signed;

        Assert.Equal((401, "ambiguous_credentials"), await host.SeenAsync(url, $"X-API-Key: {Token}\r\n"));
        Assert.Equal((401, "ambiguous_credentials"), await host.SeenAsync(host.Url("/both?a=1").Signed + "&b=2", $"X-API-Key: {Token}\r\n"));
        Assert.Equal(schemes == "ApiToken" ? 401 : 200, (await host.FollowAsync(url)).Status);
        Assert.Equal(schemes == "Signature" ? 401 : 200, (await host.FollowAsync("/both", fields: $"X-API-Key: {Token}\r\n")).Status);
    }

    [Fact]
    public async Task A_signature_of_a_gateway_beside_a_URL_denies_nobody_where_a_tag_selects_ours()
    {
        await using ApiHost host = await PresignedHost.StartAsync(signature: options => options.Policy = new VerificationPolicy { Tag = "app" });
        RequestDraft gateway = host.Draft("GET", host.Url().Signed);
        gateway.MoreParameters = ";tag=\"gateway\"";

        Assert.Equal(200, (await host.SendAsync(gateway)).Status);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_URL_in_header_fields_is_no_signature_though_its_MAC_is_right(Door door)
    {
        await using ApiHost host = await PresignedHost.StartAsync(door);
        PresignedDraft url = host.Url();
        string parameters = url.SignatureBase[(url.SignatureBase.IndexOf("\"@signature-params\": ", StringComparison.Ordinal) + 21)..];
        string mac = url.Mac.Replace('-', '+').Replace('_', '/') + "=";

        foreach (string target in (string[])[url.Target, "/orders"])
        {
            Assert.Equal((401, "missing_signature"), await host.SeenAsync(target, $"Signature-Input: sig={parameters}\r\nSignature: sig=:{mac}:\r\n"));
        }

        Assert.Equal(200, (await host.FollowAsync(url.Signed)).Status);
    }

    [Fact]
    public async Task A_field_that_the_policy_wants_covered_refuses_the_URL()
    {
        await using ApiHost host = await PresignedHost.StartAsync(signature: options => options.Policy = new VerificationPolicy { CoveredIfPresent = ["x-tenant"] });

        Assert.Equal((401, "insufficient_coverage"), await host.SeenAsync(host.Url().Signed, "X-Tenant: other\r\n"));
        Assert.Equal(200, (await host.FollowAsync(host.Url().Signed, fields: "Cookie: a=b\r\nX-Other: c\r\n")).Status);
    }

    [Theory]
    [InlineData("https://api.example.com/v1", "api.example.com", "/v1/reports/7.pdf?page=2")]
    [InlineData("https://api.example.com:443/", "api.example.com", "/reports/7.pdf?page=2")]
    [InlineData("http://[::1]:81/v1", "[::1]:81", "/v1/reports/7.pdf?page=2")]
    public async Task Behind_a_gateway_the_public_origin_counts(string origin, string authority, string signed)
    {
        await using ApiHost host = await PresignedHost.StartAsync(signature: options => options.PublicOrigin = new Uri(origin));
        PresignedDraft url = host.Url() with { Authority = authority, SignedTarget = signed };

        Assert.Equal(200, (await host.FollowAsync(url.Signed)).Status);
        Assert.Equal(200, (await host.FollowAsync($"http://{host.Authority}{url.Signed}")).Status);
        Assert.Equal("invalid_credential", (await host.FollowAsync(host.Url().Signed)).Code);
    }

    [Fact]
    public async Task Forwarded_fields_are_believed_only_where_the_host_says_so()
    {
        const string Forwarded = "X-Forwarded-Host: api.example.com\r\nX-Forwarded-Proto: https\r\n";
        await using ApiHost plain = await PresignedHost.StartAsync();
        await using ApiHost trusting = await ApiHost.StartAsync(new ApiHostSettings
        {
            Before = app => app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto }),
            Map = app => app.MapGet("/reports/7.pdf", PresignedHost.AnswerAsync).AllowPresigned(),
        });
        string url = (plain.Url() with { Authority = "api.example.com" }).Signed;

        Assert.Equal("invalid_credential", (await plain.FollowAsync(url, fields: Forwarded)).Code);
        Assert.Equal(200, (await trusting.FollowAsync(url, fields: Forwarded)).Status);
    }

    [Theory]
    [InlineData("API.Example:80", "api.example", 200)]
    [InlineData("[::1]:8080", "[::1]:8080", 200)]
    [InlineData("evil.example", "api.example", 401)]
    public async Task The_Host_field_is_covered(string sent, string signed, int status)
    {
        await using ApiHost host = await PresignedHost.StartAsync();

        Assert.Equal(status, (await host.FollowAsync((host.Url() with { Authority = signed }).Signed, authority: sent)).Status);
    }

    [Theory]
    [InlineData("Production", false)]
    [InlineData("Development", true)]
    public async Task The_signature_base_is_shown_where_it_is_for_header_fields_and_never_the_MAC(string environment, bool shown)
    {
        await using ApiHost host = await PresignedHost.StartAsync(environment: environment);
        PresignedDraft url = host.Url() with { Secret = "another secret, long enough" };

        RawAnswer answer = await host.FollowAsync(url.Signed);

        Assert.Equal("invalid_credential", answer.Code);
        Assert.Equal(shown, JsonDocument.Parse(answer.Body).RootElement.TryGetProperty("signature_base", out JsonElement seen));
        Assert.True(!shown || seen.GetString() == url.SignatureBase);
        Assert.DoesNotContain(url.Mac, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_ours_logs_a_URL()
    {
        await using ApiHost host = await PresignedHost.StartAsync();
        PresignedDraft url = host.Url();
        PresignedDraft forged = url with { Secret = "another secret, long enough" };

        Assert.Equal(200, (await host.FollowAsync(url.Signed)).Status);
        Assert.Equal(401, (await host.FollowAsync(forged.Signed)).Status);
        Assert.Equal(401, (await host.FollowAsync(url.Signed, fields: Basic)).Status);
        Assert.Equal(401, (await host.FollowAsync(url.Signed + "&")).Status);

        LogLine[] ours = [.. host.Log.Lines.Where(line => line.Category.StartsWith("Signing", StringComparison.Ordinal))];
        Assert.Equal(4, ours.Length);
        Assert.All(ours, line => Assert.DoesNotContain("7.pdf", line.Text, StringComparison.Ordinal));
        Assert.All(ours, line => Assert.DoesNotContain(url.Mac, line.Text, StringComparison.Ordinal));
        Assert.All(ours, line => Assert.DoesNotContain(forged.Mac, line.Text, StringComparison.Ordinal));

        // The framework's own line has the whole address, which is why the README says to leave it out.
        Assert.Contains(host.Log.Lines, line => line.Category == "Microsoft.AspNetCore.Hosting.Diagnostics" && line.Text.Contains(url.Mac, StringComparison.Ordinal));
    }

    private static Task<ApiHost> StartWithTokensAsync(string schemes) => ApiHost.StartAsync(new ApiHostSettings
    {
        Door = Door.Scheme,
        Build = builder => builder.Services.AddSingleton<IApiTokenSource>(new ApiTokens()),
        Schemes = authentication => authentication.AddApiToken(options => options.Header = "X-API-Key"),
        Map = app => app.MapGet("/both", PresignedHost.AnswerAsync)
            .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = schemes }).AllowPresigned(),
    });

    // Up to the end of the connection: an answer to HEAD has no content, whatever its length says.
    private static async Task<RawAnswer> HeadOfAsync(ApiHost host, string request)
    {
        await using RawHttp connection = await RawHttp.ConnectAsync(host.Port);
        await connection.SendAsync(request);
        string[] lines = (await connection.ReadToEndAsync()).Split("\r\n");
        return new RawAnswer(int.Parse(lines[0].Split(' ')[1]), [.. lines.Skip(1).Select(line => line.Split(": ", 2)).Where(field => field.Length == 2).Select(field => (field[0], field[1]))], []);
    }

    private static async Task<(int Status, string? Code)> SeenAsync(ApiHost host, RequestDraft draft)
    {
        RawAnswer answer = await host.SendAsync(draft);
        return (answer.Status, answer.Code);
    }

    private sealed class ApiTokens : IApiTokenSource
    {
        private readonly Credential _token = new("crd_1") { Kind = CredentialKind.ApiToken };

        public bool TryGetCached(in TokenHash hash, out Credential? token)
        {
            token = hash == TokenHash.Of(Token) ? _token : null;
            return true;
        }

        public ValueTask<Credential?> FindAsync(TokenHash hash, CancellationToken cancellationToken) => throw new InvalidOperationException("Everything is cached.");
    }
}
