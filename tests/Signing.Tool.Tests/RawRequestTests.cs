using System.Text;

namespace Signing.Tool.Tests;

/// <summary>What is a request in a file, and what is none.</summary>
public sealed class RawRequestTests : IDisposable
{
    private const string Key = "acme_key_live_5YwJ3bqX0eTnP8kVhR2sZd";
    private const string Secret = "acme_secret_of_these_tests_canary";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_byte_order_mark_in_front_of_a_request_is_none_of_it()
    {
        byte[] signed = (await RunAsync(["sign", _folder.Write("request.http", "GET /a HTTP/1.1\r\nHost: h.example\r\n\r\n")], [])).OutputBytes;

        Run marked = await RunAsync(["verify", _folder.Write("marked.http", [0xEF, 0xBB, 0xBF, .. signed])], []);

        Assert.Equal((0, "verified\n"), (marked.ExitCode, marked.Output));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task A_request_in_the_UTF_16_of_a_Windows_shell_is_said_to_be_that(string encoding)
    {
        Encoding shell = Encoding.GetEncoding(encoding);

        Run run = await RunAsync(["verify", _folder.Write("request.http", [.. shell.GetPreamble(), .. shell.GetBytes("GET /a HTTP/1.1\r\nHost: h.example\r\n\r\n")])], []);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("This is UTF-16", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_is_said_to_be_one()
    {
        foreach (string command in new[] { "sign", "verify", "explain" })
        {
            Run run = await RunAsync([command, "-"], "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\ntea"u8.ToArray());

            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.Contains("This is a response (HTTP/1.1 200), and what is wanted is a request.", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_line_that_goes_on_with_the_one_before_is_of_its_value()
    {
        Run run = await RunAsync(["sign", "-", "--cover", "x-folded", "--json"], "GET / HTTP/1.1\nHost: h\nX-Folded: a\n \tb\n c\n\n"u8.ToArray());

        Assert.StartsWith("\"x-folded\": a b c\n", run.Json.GetProperty("signature_base").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_no_field_is_named_by_its_number()
    {
        Run run = await RunAsync(["sign", "-"], "GET / HTTP/1.1\nHost: h\n\r\r\nX: y\n\n"u8.ToArray());

        Assert.Equal((2, "signing: This is not an HTTP/1.1 request: line 3 is not a field name, a colon and a value.\n"), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("GET /\n\n")]
    [InlineData(" / HTTP/1.1\n\n")]
    [InlineData("GET  HTTP/1.1\n\n")]
    [InlineData("GET / SMTP/1.1\n\n")]
    [InlineData("GET / HTTP/1.1\n folded: first\n\n")]
    [InlineData("GET / HTTP/1.1\nno colon here\n\n")]
    [InlineData("GET / HTTP/1.1\nBad Name: x\n\n")]
    [InlineData("\n\n\n")]
    [InlineData("\0\u0001\u0002\n\n")]
    public async Task What_is_no_request_is_refused_in_a_sentence(string text)
    {
        foreach (string command in new[] { "sign", "verify", "explain" })
        {
            Run run = await RunAsync([command, _folder.Write("request.http", text)], []);

            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.Contains("This is not an HTTP/1.1 request", run.Error, StringComparison.Ordinal);
        }
    }

    private static Task<Run> RunAsync(string[] arguments, byte[] input) => Command.RunAsync(arguments, Key, Secret, input);
}
