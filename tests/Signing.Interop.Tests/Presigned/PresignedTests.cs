using System.Diagnostics;
using System.Text.Json;
using Signing.Browser.Tests.Support;
using Signing.Interop.Tests.Languages;
using Signing.Interop.Tests.Matrix;
using Signing.Interop.Tests.Support;

namespace Signing.Interop.Tests.Presigned;

public sealed class PresignedTests(PresignedWiring wiring) : IClassFixture<PresignedWiring>
{
    private const string Target = "/links/a%20b/\u00e4/7.pdf?page=2&name=O'Brien&empty=#page=3";

    private static readonly ReadmeProgram Program = new("js", "presign.mjs", ["node"]) { Section = "Presigned URLs" };

    public static TheoryData<Way> Ways => [.. Enum.GetValues<Way>()];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_URL_passes_the_gateway_by_GET_and_HEAD_and_its_tampered_twin_is_refused(Way way)
    {
        await AssertAcceptedAsync(Presign(PresignedWiring.Address(way, Target)), way);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_URL_of_the_program_in_the_README_does_too(Way way)
    {
        await AssertAcceptedAsync(await RunAsync(PresignedWiring.Address(way, Target)), way);
    }

    [Fact]
    public async Task A_browser_leaves_our_URLs_as_they_are()
    {
        string[] addresses =
        [
            .. "!\"$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \u00e4\u20ac".Select(c => $"https://api.example.com/a{c}b?c{c}d={c}e&f#g{c}"),
            "https://API.example.com:443", "http://api.example.com:80/a/../b", "https://api.example.com/a/%2e%2e/b/%2E/c", "https://[2001:DB8::1]:8443/a?",
            "https://b\u00fccher.example/a?%zz=%2&=&&", "https://api.example.com/a\\b?c\\d",
        ];
        string[] urls = [.. addresses.Select(Presign)];

        Assert.Equal(urls, await ParseAsync(urls));
    }

    private static string Presign(string address)
    {
        using var key = new SigningKey(OurServer.Key, OurServer.Secret);
        return new UrlSigner(key).Presign(new Uri(address), TimeSpan.FromHours(1));
    }

    private static async Task<string> RunAsync(string address)
    {
        (bool succeeded, string output, string errors) = await (Program with { Arguments = [address] }).RunAsync("", OurServer.Key, OurServer.Secret);
        Assert.True(succeeded, output + errors);
        return output.Trim();
    }

    // The parser of Node.js is the one of the URL standard, which browsers follow.
    private static async Task<string[]> ParseAsync(string[] urls)
    {
        const string Script = "for (const url of process.argv.slice(1)) console.log(new URL(url).href)";
        using Process process = Process.Start(new ProcessStartInfo(Executable.Find("node"), ["-e", Script, .. urls]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.TrimEnd('\n').Split('\n');
    }

    private async Task AssertAcceptedAsync(string url, Way way)
    {
        Assert.Equal((200, $"{OurServer.Key} sent "), await wiring.FollowAsync(HttpMethod.Get, url, way));
        Assert.Equal((200, ""), await wiring.FollowAsync(HttpMethod.Head, url, way));

        (int status, string text) = await wiring.FollowAsync(HttpMethod.Get, url.Replace("page=2", "page=1", StringComparison.Ordinal), way);
        Assert.Equal((401, "invalid_credential"), (status, JsonDocument.Parse(text).RootElement.GetProperty("code").GetString()));
    }
}
