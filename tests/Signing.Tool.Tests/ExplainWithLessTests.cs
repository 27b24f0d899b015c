using System.Text;
using Signing.Tests.Diagnosis;

namespace Signing.Tool.Tests;

/// <summary>Where something is missing that would tell more: the Key, a query, a part of the signature.</summary>
public sealed class ExplainWithLessTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_key_the_base_that_was_signed_is_compared_with_that_of_the_request()
    {
        CapturedMessage sent = Signed("/v1/orders?id=7");
        string signed = _folder.Write("signed.txt", MismatchCase.BaseOf(sent));

        Run differs = await Command.RunAsync(["explain", "--signed", signed, "-"], (sent with { Target = "/orders?id=7" }).ToHttp());
        Run same = await Command.RunAsync(["explain", "--signed", signed, "-"], sent.ToHttp());
        Run unsigned = await Command.RunAsync(["explain", "--signed", signed, "-"], "GET /v1/orders?id=7 HTTP/1.1\nHost: h\n\n"u8.ToArray());

        Assert.Equal((1, 0, 1), (differs.ExitCode, same.ExitCode, unsigned.ExitCode));
        Assert.Contains("  \"@path\" was signed as /v1/orders and seen as /orders: ", differs.Output, StringComparison.Ordinal);
        Assert.Contains("  With the Key and its Secret", same.Output, StringComparison.Ordinal);
        Assert.Contains("carries no signature", unsigned.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/orders")]
    [InlineData("/orders?id=7")]
    public async Task Without_a_key_the_same_address_differs_in_nothing(string target)
    {
        CapturedMessage sent = Signed(target);

        Run run = await Command.RunAsync(["explain", "-", "--called", $"https://{sent.AuthorityText}{target}"], sent.ToHttp());

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.DoesNotContain("RFC 9530", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Digest: x\n\n", "x", 0)]
    [InlineData("\nt", "(absent)", 1)]
    public async Task A_digest_and_a_content_are_shown_where_there_is_one_of_them(string rest, string digest, int bytes)
    {
        Run run = await Command.RunAsync(["explain", "-"], Encoding.ASCII.GetBytes($"GET / HTTP/1.1\nHost: h\nSignature-Input: sig=();keyid=\"k\"\nSignature: sig=:AAAA:\n{rest}"));

        Assert.Contains($"RFC 9530 2      Content-Digest\n    {digest}\nRFC 9530 2      Content, {bytes} bytes\n    sha-256=:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_none_was_not_called()
    {
        Run run = await Command.RunAsync(["explain", "-", "--called", "/orders"], Signed("/orders").ToHttp());

        Assert.Equal((2, "signing: --called is an address that begins with https:// or http://.\n"), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("--secret-file")]
    [InlineData("--secret-env")]
    public async Task The_Key_of_the_signature_is_taken_where_there_is_only_a_Secret(string option)
    {
        string value = option == "--secret-file" ? _folder.Write("secret", MismatchCases.Secret) : "OTHER_SECRET";

        Run run = await Command.RunAsync(["explain", "-", option, value, "--received-at", "2026-11-21T19:40:01Z"], Signed("/orders").ToHttp(), ("OTHER_SECRET", MismatchCases.Secret));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("Result: verified\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_a_request_was_received_is_asked_only_where_it_was_not_said()
    {
        byte[] request = Signed("/orders").ToHttp();

        Run said = await Command.RunAsync(["explain", "-", "--received-at", "2026-11-22T19:40:01Z"], MismatchCase.KeyId, MismatchCases.Secret, request);
        Run other = await Command.RunAsync(["explain", "-"], MismatchCase.KeyId, MismatchCases.Secret, "GET / HTTP/1.1\nHost: h\n\n"u8.ToArray());

        Assert.Equal((1, ""), (said.ExitCode, said.Error));
        Assert.Equal((1, ""), (other.ExitCode, other.Error));
    }

    [Fact]
    public async Task The_JSON_answer_holds_what_was_signed_and_seen_and_the_text_of_each_step()
    {
        string signed = _folder.Write("signed.txt", MismatchCase.BaseOf(Signed("/v1/orders")));

        Run run = await Command.RunAsync(["explain", "--signed", signed, "-", "--json"], Signed("/orders").ToHttp());

        var difference = run.Json.GetProperty("differences")[0];
        Assert.Equal(("/v1/orders", "/orders"), (difference.GetProperty("signed").GetString(), difference.GetProperty("seen").GetString()));
        Assert.Equal("GET", run.Json.GetProperty("steps").EnumerateArray().Single(step => step.GetProperty("title").GetString() == "\"@method\"").GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_presigned_URL_that_is_damaged_is_said_so_without_a_key()
    {
        Run run = await Command.RunAsync(["explain", "-"], "GET /a?signature=x HTTP/1.1\nHost: h\n\n"u8.ToArray());

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Result\n  Signature is not a dictionary", run.Output, StringComparison.Ordinal);
    }

    private static CapturedMessage Signed(string target) => new MismatchCase("one", "", MismatchCause.Unknown) { Sent = new CapturedMessage { Target = target } }.Sign();
}
