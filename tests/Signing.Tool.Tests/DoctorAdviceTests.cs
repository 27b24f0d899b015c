using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Signing.Tool.Tests;

public sealed class DoctorAdviceTests
{
    [Fact]
    public async Task A_server_that_is_well_is_so_in_JSON_and_a_clock_within_its_limits_is_no_matter()
    {
        await using Site site = await Site.StartAsync(options => options.TimeProvider = new ShiftedClock(TimeSpan.FromSeconds(-3)));

        Run run = await RunAsync(site, "--json");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.True(run.Json.GetProperty("ok").GetBoolean());
        Assert.Equal($"{site.Address}/diagnostics", run.Json.GetProperty("url").GetString());
        Assert.InRange(run.Json.GetProperty("clock_offset_seconds").GetDouble(), -4, -2);
    }

    [Fact]
    public async Task What_the_server_goes_by_is_shown()
    {
        await using Site site = await Site.StartAsync(options =>
        {
            options.PublicOrigin = new Uri("https://api.example.com/v1");
            options.TimeProvider = new ShiftedClock(TimeSpan.FromSeconds(90));
        });

        Run run = await RunAsync(site);

        Assert.Contains("origin     https://api.example.com/v1\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("forwarded  nothing\n", run.Output, StringComparison.Ordinal);
        Assert.Matches("\nclock      \\+(8[5-9]|9[0-5])\\.[0-9] s\n", run.Output);
    }

    [Fact]
    public async Task A_refusal_that_is_not_of_the_signature_is_told_from_one_that_is()
    {
        await using Site site = await Site.StartAsync();
        await Command.RunAsync(["keys", "suspend", site.Customer.Key, "--server", site.Server], site.Robot.Key, site.Robot.Secret);

        await using Site damaging = await Site.StartAsync(before: Site.Proxy(host: null, target: null, ("Signature", "sig=:!:")));

        Run suspended = await RunAsync(site);
        Run damaged = await RunAsync(damaging);

        Assert.Equal((1, 1), (suspended.ExitCode, damaged.ExitCode));
        Assert.Contains("status     suspended\n", suspended.Output, StringComparison.Ordinal);
        Assert.EndsWith("\nmend       The server refuses this caller by the status above; its README names the remedy.\n", suspended.Output, StringComparison.Ordinal);
        Assert.Contains("status     malformed_signature\n", damaged.Output, StringComparison.Ordinal);
        Assert.Matches("\nmend       Signature is not a dictionary [^\n]+ Send one base64 value [^\n]+\n$", damaged.Output);
    }

    [Fact]
    public async Task A_scheme_that_is_covered_is_named_once()
    {
        await using Site site = await Site.StartAsync(before: app => app.Use((context, next) =>
        {
            context.Request.Scheme = "https";
            return next(context);
        }));

        Run run = await RunAsync(site, "--cover", "@method", "--cover", "@authority", "--cover", "@path", "--cover", "@query", "--cover", "@scheme");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\"@scheme\" was signed as http and seen as https", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing that is covered depends on it", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_forwards_is_not_blamed_for_a_secret()
    {
        await using Site site = await Site.StartAsync(before: Site.Proxy(host: null, target: null, ("X-Forwarded-Proto", "http")));

        Run run = await Command.RunAsync(["doctor", $"{site.Address}/diagnostics"], site.Customer.Key, "the secret of somebody else");

        Assert.Contains("forwarded  x-forwarded-proto\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("mend       The server saw what was signed, so the Secret differs", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("applies forwarding headers", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","status":7,"forwarded":7,"required":"date","covered":[7],"max_age_seconds":"300","future_skew_seconds":"5","signature_base":[]""")]
    public async Task A_server_that_tells_little_or_in_another_form_is_compared_by_what_it_tells(string more)
    {
        await using Site site = await Site.StartAsync(before: app => app.Use((HttpContext context, RequestDelegate _) =>
            context.Response.WriteAsync($$"""{"seen":{"method":"GET","scheme":"http","authority":"{{context.Request.Host}}","path":"/other"},"now":"{{TimeProvider.System.GetUtcNow():O}}"{{more}}}""", context.RequestAborted)));

        Run run = await RunAsync(site);

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("status     \nseen       GET http://127.0.0.1:", run.Output, StringComparison.Ordinal);
        Assert.Contains("/other\norigin     not set\nforwarded  nothing\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("covered    nothing\nmend       \"@path\" was signed as /diagnostics and seen as /other", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?x=2", "http", "", "\"@query\" was signed as ?x=1 and seen as ?x=2")]
    [InlineData("", "https", ""","forwarded":["x-forwarded-host"]""", "\"@query\" was signed as ?x=1 and seen as ?", "The server takes the request for https", "A proxy sends x-forwarded-host, and the server does not go by it")]
    [InlineData("?x=1", "http", ""","status":"invalid_credential" """, "The key is unknown or the signature is not its own.")]
    [InlineData("?x=1", "http", ""","required":["@method","\"@query-param\";name=\"x\""],"covered":["\"@method\""]""", "The server requires components that are not covered: \"@query-param\";name=\"x\"; cover them")]
    [InlineData("?x=2", "http", ""","status":"invalid_credential","forwarded":["x-original-host"] """, "\"@query\" was signed as ?x=1 and seen as ?x=2")]
    [InlineData("?x=1", "https", ""","status":"verified","public_origin":"http://HOST" """)]
    public async Task What_a_server_tells_is_advised_on_and_nothing_else(string query, string scheme, string more, params string[] advice)
    {
        await using Site site = await Site.StartAsync(before: app => app.Use((HttpContext context, RequestDelegate _) =>
            context.Response.WriteAsync($$"""{"seen":{"method":"GET","scheme":"{{scheme}}","authority":"{{context.Request.Host}}","path":"/d","query":"{{query}}"},"now":"{{TimeProvider.System.GetUtcNow().AddHours(1):O}}"{{more.Replace("HOST", $"{context.Request.Host}", StringComparison.Ordinal)}}}""", context.RequestAborted)));

        Run run = await Command.RunAsync(["doctor", $"{site.Address}/d?x=1", "--json"], site.Customer.Key, site.Customer.Secret);

        Assert.Equal(advice.Count(said => said.StartsWith('"')), run.Json.GetProperty("differences").GetArrayLength());
        Assert.Collection(
            run.Json.GetProperty("advice").EnumerateArray(),
            [.. advice.Select(said => (Action<JsonElement>)(found => Assert.StartsWith(said, found.GetString(), StringComparison.Ordinal)))]);
    }

    [Theory]
    [InlineData(500, "", "signing: The server answered 500.\n")]
    [InlineData(201, """{"seen":{},"now":"2026-11-21T19:40:00Z"}""", "signing: The server answered 201.\n")]
    [InlineData(302, "", "signing: The server redirects to https://h.example/ (302); a signature holds for one address, so call that one.\n")]
    [InlineData(200, "[]", "signing: What answers at this address is no diagnostics of Signing; map them on the server: app.MapSigningDiagnostics(\"/signing/diagnostics\").\n")]
    public async Task An_answer_that_is_none_is_said_so(int status, string body, string said)
    {
        await using Site site = await Site.StartAsync(before: app => app.Use((HttpContext context, RequestDelegate _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "https://h.example/";
            return context.Response.WriteAsync(body, context.RequestAborted);
        }));

        Run run = await RunAsync(site);

        Assert.Equal((1, "", said), (run.ExitCode, run.Output, run.Error));
    }

    private static Task<Run> RunAsync(Site site, params string[] arguments) =>
        Command.RunAsync(["doctor", $"{site.Address}/diagnostics", .. arguments], site.Customer.Key, site.Customer.Secret);
}
