using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Signing.Tool.Tests;

public sealed class PresignedUrlTests
{
    private const string Key = "acme_key_live_5YwJ3bqX0eTnP8kVhR2sZd";
    private const string Secret = "acme_secret_of_these_tests_canary";

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task The_signature_of_a_presigned_URL_is_found_in_it(string method)
    {
        byte[] request = Captured(Presigned(), method);

        Run verified = await RunAsync(["verify", "-"], request);
        Run explained = await RunAsync(["explain", "-"], request);

        Assert.Equal((0, "verified\n"), (verified.ExitCode, verified.Output));
        Assert.StartsWith("The signature is in the URL, in its parameter signature: whoever has the URL may GET it until it expires.\nSigned with ", verified.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (explained.ExitCode, explained.Error));
        Assert.Contains("The signature is in the URL: created ", explained.Output, StringComparison.Ordinal);
        Assert.Contains("RFC 9421 2.2.7  \"@query\"\n    ?page=2\n", explained.Output, StringComparison.Ordinal);
        Assert.Contains("Result: verified\n", explained.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_open_a_presigned_URL_is_not_shown()
    {
        string url = Presigned();
        string mac = url[(url.LastIndexOf('.') + 1)..];
        string digits = Convert.ToHexStringLower(Convert.FromBase64String(mac.Replace('-', '+').Replace('_', '/') + "="));

        Run run = await RunAsync(["explain", "-", "--json"], Captured(url));

        Assert.Contains(run.Json.GetProperty("steps").EnumerateArray(), step => step.GetProperty("title").GetString() == "MAC");
        Assert.DoesNotContain(mac, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(digits, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_proxy_made_of_a_presigned_URL_is_named()
    {
        string url = Presigned();

        Run run = await RunAsync(["explain", "-", "--called", url, "--json"], Captured(url.Replace("/v1/", "/", StringComparison.Ordinal)));

        Assert.Equal(1, run.ExitCode);
        JsonElement difference = Assert.Single(run.Json.GetProperty("differences").EnumerateArray());
        Assert.Equal(("\"@path\"", "path_prefix_stripped"), (difference.GetProperty("component").GetString(), difference.GetProperty("cause").GetString()));
    }

    [Fact]
    public async Task A_presigned_URL_that_has_expired_is_judged_when_it_was_received()
    {
        byte[] request = Captured(Presigned());
        string later = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

        Run expired = await RunAsync(["verify", "-", "--received-at", later], request);
        Run without = await Command.RunAsync(["explain", "-", "--received-at", later], request);

        Assert.Equal((1, "expired_signature\n"), (expired.ExitCode, expired.Output));
        Assert.StartsWith("The signature is in the URL, in its parameter signature.\n", expired.Error, StringComparison.Ordinal);
        Assert.Contains("With the Key and its Secret", without.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("&more=1")]
    [InlineData("x")]
    public async Task A_presigned_URL_that_is_damaged_is_said_so(string tail)
    {
        Run verified = await RunAsync(["verify", "-"], Captured(Presigned() + tail));
        Run explained = await RunAsync(["explain", "-"], Captured(Presigned() + tail));

        Assert.Equal((1, "malformed_signature\n"), (verified.ExitCode, verified.Output));
        Assert.Equal(1, explained.ExitCode);
        Assert.Contains("(damaged, there twice, or not the last of the query;", explained.Output, StringComparison.Ordinal);
    }

    private static string Presigned()
    {
        using var key = new SigningKey(Key, Secret);
        return new UrlSigner(key).Presign(new Uri("https://api.example.com/v1/reports/7.pdf?page=2"), TimeSpan.FromHours(1));
    }

    private static byte[] Captured(string url, string method = "GET") =>
        Encoding.Latin1.GetBytes($"{method} {url["https://api.example.com".Length..]} HTTP/1.1\r\nHost: api.example.com\r\n\r\n");

    private static Task<Run> RunAsync(string[] arguments, byte[] input) => Command.RunAsync(arguments, Key, Secret, input);
}
