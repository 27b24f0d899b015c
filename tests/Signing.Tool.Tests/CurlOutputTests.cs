using System.Text;
using Signing.Tests.Diagnosis;

namespace Signing.Tool.Tests;

public sealed class CurlOutputTests
{
    private const string Meter = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0";
    private const string Connected = "*   Trying 127.0.0.1:443...\n* Connected to api.example.com (127.0.0.1) port 443 (#0)\n";
    private const string Answer = "* HTTP 1.0, assume close after body\n< HTTP/1.1 401 Unauthorized\r\n< Content-Length: 0\r\n< \r\n* Closing connection 0\n";

    [Theory]
    [InlineData("")]
    [InlineData("\n" + Connected)]
    [InlineData(Meter + Connected)]
    [InlineData("$ curl -v https://api.example.com/orders/7\n" + Connected)]
    public async Task What_curl_says_that_it_sent_is_explained_and_verified(string before)
    {
        byte[] text = Written(before, new MismatchCase("sent", "", MismatchCause.Unknown).Sign());

        Run verified = await Command.RunAsync(["verify", "-", "--received-at", "2026-11-21T19:40:01Z"], MismatchCase.KeyId, MismatchCases.Secret, text);
        Run explained = await Command.RunAsync(["explain", "-", "--received-at", "2026-11-21T19:40:01Z"], MismatchCase.KeyId, MismatchCases.Secret, text);

        Assert.Equal((0, "verified\n"), (verified.ExitCode, verified.Output));
        Assert.Equal(0, explained.ExitCode);
        Assert.Contains("Result: verified", explained.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_requests_the_first_one_counts()
    {
        CapturedMessage sent = new MismatchCase("sent", "", MismatchCause.Unknown).Sign();
        byte[] text = [.. Written(Connected, sent), .. Written(Connected, sent with { Target = "/elsewhere" })];

        Run run = await Command.RunAsync(["verify", "-", "--received-at", "2026-11-21T19:40:01Z"], MismatchCase.KeyId, MismatchCases.Secret, text);

        Assert.Equal((0, "verified\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task A_request_whose_content_quotes_curl_is_read_as_it_stands()
    {
        CapturedMessage sent = new MismatchCase("quoting", "", MismatchCause.Unknown)
        {
            Sent = new CapturedMessage().WithContent("text/plain", "> GET /other HTTP/1.1\r\n> Host: other\r\n> \r\n"u8.ToArray()),
        }.Sign();

        Run run = await Command.RunAsync(["verify", "-", "--received-at", "2026-11-21T19:40:01Z"], MismatchCase.KeyId, MismatchCases.Secret, sent.ToHttp());

        Assert.Equal((0, "verified\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Output_of_curl_in_which_nothing_was_sent_is_refused()
    {
        Run run = await Command.RunAsync(["verify", "-"], MismatchCase.KeyId, MismatchCases.Secret, Encoding.ASCII.GetBytes(Connected + "* Connection refused\n"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("nor what curl -v writes of one", run.Error, StringComparison.Ordinal);
    }

    // As curl writes it: its own lines end with LF, and those of the exchange with CR LF.
    private static byte[] Written(string before, CapturedMessage sent)
    {
        IEnumerable<string> lines = Encoding.Latin1.GetString(sent.ToHttp()).Split("\r\n")[..^1].Select(line => $"> {line}\r\n");
        return Encoding.Latin1.GetBytes(before + string.Concat(lines) + "} [3 bytes data]\n" + Answer);
    }
}
