using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Signing.Tool.Tests;

public sealed class DoctorTests
{
    [Fact]
    public async Task A_server_that_sees_what_was_sent_is_well()
    {
        await using Site site = await Site.StartAsync();

        Run run = await RunAsync(site);
        Run unsigned = await Command.RunAsync(["doctor", $"{site.Address}/diagnostics"]);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("status     verified\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing is to be mended.", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, unsigned.ExitCode);
        Assert.Contains("missing_signature (nothing was signed", unsigned.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_members_of_the_JSON_answer_are_those_of_the_README()
    {
        await using Site site = await Site.StartAsync(before: Site.Proxy(host: "10.0.0.5:8080"));

        Run run = await RunAsync(site, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["url", "ok", "status", "clock_offset_seconds", "differences", "advice", "answer"], run.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("invalid_credential", run.Json.GetProperty("status").GetString());
        Assert.Equal("authority_rewritten", run.Json.GetProperty("differences")[0].GetProperty("cause").GetString());
        Assert.InRange(run.Json.GetProperty("clock_offset_seconds").GetDouble(), -60, 60);
        Assert.Equal("10.0.0.5:8080", run.Json.GetProperty("answer").GetProperty("seen").GetProperty("authority").GetString());
        Assert.DoesNotContain("\\u0022", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_rewrites_Host_and_sends_no_forwarding_fields_is_to_send_them()
    {
        await using Site site = await Site.StartAsync(before: Site.Proxy(host: "backend"));

        Run run = await RunAsync(site);
        Run unsigned = await Command.RunAsync(["doctor", $"{site.Address}/diagnostics"]);

        foreach (Run one in new[] { run, unsigned })
        {
            Assert.Equal(1, one.ExitCode);
            Assert.Contains("\"@authority\" was signed as 127.0.0.1:", one.Output, StringComparison.Ordinal);
            Assert.Contains("No forwarding header reaches the server", one.Output, StringComparison.Ordinal);
            Assert.Contains($"PublicOrigin to {site.Address}", one.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_does_not_go_by_the_forwarding_fields_is_to_use_them()
    {
        await using Site site = await Site.StartAsync(before: Site.Proxy(host: "backend", target: null, ("X-Forwarded-Host", "api.example.com"), ("X-Forwarded-Proto", "https")));

        Run run = await RunAsync(site);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("A proxy sends x-forwarded-host, x-forwarded-proto, and the server does not go by it: call app.UseForwardedHeaders", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prefix_that_is_taken_off_is_named()
    {
        await using Site site = await Site.StartAsync(before: Site.Proxy(host: null, target: target => target.Replace("/v1", "", StringComparison.Ordinal)));

        Run run = await Command.RunAsync(["doctor", $"{site.Address}/diagnostics/v1/probe"], site.Customer.Key, site.Customer.Secret);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\"@path\" was signed as /diagnostics/v1/probe and seen as /diagnostics/probe", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PublicOrigin_that_is_not_the_address_of_the_callers_is_named_and_the_right_one_is_well()
    {
        await using Site wrong = await Site.StartAsync(options => options.PublicOrigin = new Uri("https://api.example.com/v1"));

        Run run = await RunAsync(wrong);
        Run unsigned = await Command.RunAsync(["doctor", $"{wrong.Address}/diagnostics"]);

        Assert.Equal((1, 1), (run.ExitCode, unsigned.ExitCode));
        Assert.Contains("The server's PublicOrigin is https://api.example.com/v1: correct it", run.Output.Split("mend ")[1], StringComparison.Ordinal);
        Assert.Contains("The server's PublicOrigin is https://api.example.com/v1: correct it", unsigned.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("orwarding header", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_that_is_dropped_on_its_way_is_said_so()
    {
        await using Site site = await Site.StartAsync(before: app => app.Use((context, next) =>
        {
            context.Request.Headers.Remove("Signature");
            context.Request.Headers.Remove("Signature-Input");
            return next(context);
        }));

        Run run = await RunAsync(site, "--json");

        Assert.Equal(1, run.ExitCode);
        string? advice = Assert.Single(run.Json.GetProperty("advice").EnumerateArray()).GetString();
        Assert.Contains("have it pass on Signature-Input, Signature and Content-Digest", advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheme_that_a_proxy_ended_is_named_though_nothing_covered_depends_on_it()
    {
        await using Site site = await Site.StartAsync(before: app => app.Use((context, next) =>
        {
            context.Request.Scheme = "https";
            return next(context);
        }));

        Run run = await RunAsync(site);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The server takes the request for https, and it was sent by http", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(600, "behind the server's, which accepts 300 s")]
    [InlineData(-600, "ahead of the server's, which accepts 5 s")]
    public async Task A_clock_that_is_off_is_named_with_its_offset(int seconds, string said)
    {
        await using Site site = await Site.StartAsync(options => options.TimeProvider = new ShiftedClock(TimeSpan.FromSeconds(seconds)));

        Run run = await RunAsync(site, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.InRange(run.Json.GetProperty("clock_offset_seconds").GetDouble(), seconds - 30, seconds + 30);
        Assert.Contains(said, run.Json.GetProperty("advice")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_is_told_from_a_proxy()
    {
        await using Site site = await Site.StartAsync();

        Run run = await Command.RunAsync(["doctor", $"{site.Address}/diagnostics"], site.Customer.Key, "the secret of somebody else");
        Run json = await Command.RunAsync(["doctor", $"{site.Address}/diagnostics", "--json"], site.Customer.Key, "the secret of somebody else");

        Assert.Equal((1, 1), (run.ExitCode, json.ExitCode));
        Assert.Contains("mend       The server saw what was signed, so the Secret differs, or the server does not know this Key.", run.Output, StringComparison.Ordinal);
        Assert.False(json.Json.GetProperty("ok").GetBoolean());
        Assert.StartsWith("The server saw what was signed, so the Secret differs", Assert.Single(json.Json.GetProperty("advice").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forwarding_headers_that_may_have_been_applied_too_late_are_named_before_the_secret()
    {
        await using Site site = await Site.StartAsync(before: Site.Proxy(host: null, target: null, ("X-Original-Host", "backend")));

        Run run = await Command.RunAsync(["doctor", $"{site.Address}/diagnostics"], site.Customer.Key, "the secret of somebody else");
        Run right = await RunAsync(site);

        Assert.Equal((1, 0), (run.ExitCode, right.ExitCode));
        Assert.Contains("mend       The server applies forwarding headers", run.Output, StringComparison.Ordinal);
        Assert.Contains("If it is so already, the Secret differs", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coverage_that_does_not_suffice_is_named()
    {
        await using Site site = await Site.StartAsync();

        Run run = await RunAsync(site, "--cover", "@method", "--cover", "@path");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("requires components that are not covered: @authority, @query", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diagnostics_that_are_closed_or_elsewhere_are_said_so()
    {
        await using Site site = await Site.StartAsync(closesDiagnostics: true);

        Run elsewhere = await Command.RunAsync(["doctor", $"{site.Address}/nowhere"]);
        Run stranger = await Command.RunAsync(["doctor", $"{site.Address}/diagnostics"]);
        Run customer = await RunAsync(site);
        Run robot = await Command.RunAsync(["doctor", $"{site.Address}/diagnostics"], site.Robot.Key, site.Robot.Secret);

        Assert.Equal((1, 1, 1, 0), (elsewhere.ExitCode, stranger.ExitCode, customer.ExitCode, robot.ExitCode));
        Assert.Contains("app.MapSigningDiagnostics", elsewhere.Error, StringComparison.Ordinal);
        Assert.Contains("Give a Key and its Secret", stranger.Error, StringComparison.Ordinal);
        Assert.Contains("want a caller whom their policy admits", customer.Error, StringComparison.Ordinal);
        Assert.All(new[] { elsewhere, stranger, customer }, run => Assert.Empty(run.Output));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"seen":{},"now":"soon"}""")]
    [InlineData("<html></html>")]
    public async Task What_is_no_diagnosis_is_said_so(string body)
    {
        await using Site site = await Site.StartAsync(before: app => app.Use((HttpContext context, RequestDelegate _) => context.Response.WriteAsync(body, context.RequestAborted)));

        Run run = await RunAsync(site);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("What answers at this address is no diagnostics of Signing", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_by_which_the_policy_admits_its_caller_goes_along_and_is_covered_if_it_has_to_be()
    {
        await using Site site = await Site.StartAsync();
        using var folder = new Folder();

        Run run = await RunAsync(site, "-v", "-H", "X-Team: ops", "-H", $"@{folder.Write("session.txt", "Authorization: Bearer canary-of-a-session\n")}");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("> X-Team: ops\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("covered    \"@method\" \"@authority\" \"@path\" \"@query\" \"authorization\"\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_MAC_is_in_the_answer()
    {
        await using Site site = await Site.StartAsync(before: Site.Proxy(host: "backend"));

        Run run = await RunAsync(site, "--json");

        Assert.DoesNotContain("sig=:", run.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch("[0-9A-Za-z+/]{43}=", run.Output);
    }

    private static Task<Run> RunAsync(Site site, params string[] arguments) =>
        Command.RunAsync(["doctor", $"{site.Address}/diagnostics", .. arguments], site.Customer.Key, site.Customer.Secret);
}
