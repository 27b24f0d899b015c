using System.Text;

namespace Signing.Tool.Tests;

/// <summary>What a request says of its content itself.</summary>
public sealed class StatedContentTests(SharedSite shared) : IClassFixture<SharedSite>, IDisposable
{
    private const string Sha256 = "sha-256=:qfdNHsNuvesto/blhoCQzSotILPcynti9gMEsdPZ70I=:";
    private const string Sha512 = "sha-512=:vvgBv4bN2scoFqMnDxx89RDR/nbQ6hbs9hmsxxahx5pC7/FFR8FRHteA3WQdV46/F/IABbRIkpaIHDwWM3KrUQ==:";
    private const string OfNothing = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
    private const string Differs = "The Content-Digest is not that of the content: the 3 bytes of it have ";
    private const string Malformed = "The Content-Digest is malformed, or has neither sha-256 nor sha-512: the 3 bytes of it have ";
    private const string Remedy = "; correct the field, or leave it out.";

    private readonly Folder _folder = new();

    private Site Site => shared.Site;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Content-Digest: sha-256=:AAAA:\n\ntea", Differs + Sha256 + Remedy)]
    [InlineData("Content-Digest: sha-512=:AAAA:\n\ntea", Differs + Sha512 + Remedy)]
    [InlineData("Content-Digest: " + OfNothing + ", " + Sha512 + "\n\ntea", Differs + Sha256 + ", " + Sha512 + Remedy)]
    [InlineData("Transfer-Encoding: chunked\nContent-Digest: " + OfNothing + "\n\n3\ntea\n0\n\n", Differs + Sha256 + Remedy)]
    [InlineData("Content-Digest: md5=:AAAA:\n\ntea", Malformed + Sha256 + Remedy)]
    [InlineData("Content-Digest: " + Sha256 + "\nContent-Digest: " + Sha256 + "\n\ntea", Malformed + Sha256 + Remedy)]
    [InlineData("Content-Digest: " + Sha256 + "\n\n", "The Content-Digest is not that of the content: the 0 bytes of it have " + OfNothing + Remedy)]
    [InlineData("Content-Length: 0\nContent-Digest: " + Sha256 + "\n\n", "The Content-Digest is not that of the content: the 0 bytes of it have " + OfNothing + Remedy)]
    [InlineData("Content-Length: 4\n\ntea", "Content-Length says 4, and the content has 3 bytes: correct it, or leave it out.")]
    [InlineData("Content-Length: 3\nContent-Length: 3\n\ntea", "Content-Length says 3, 3, and the content has 3 bytes: correct it, or leave it out.")]
    [InlineData("Content-Length: three\n\ntea", "Content-Length says three, and the content has 3 bytes: correct it, or leave it out.")]
    public async Task A_request_that_says_of_its_content_what_it_is_not_is_not_signed(string rest, string said)
    {
        Run run = await Command.RunAsync(["sign", "-", "-k", "key"], Encoding.ASCII.GetBytes($"POST / HTTP/1.1\nHost: h\n{rest}"));

        Assert.Equal((2, "", $"signing: {said}\n"), (run.ExitCode, run.Output, run.Error));
    }

    [Theory]
    [InlineData("Content-Digest: " + Sha512 + ", " + Sha256 + "\n\ntea")]
    [InlineData("Content-Digest: " + OfNothing + "\n\n")]
    [InlineData("Content-Length: 3\nContent-Digest: " + Sha256 + "\n\n")]
    [InlineData("Transfer-Encoding: chunked\nContent-Digest: " + Sha256 + "\n\n")]
    [InlineData("Transfer-Encoding: chunked\nContent-Length: 9\nContent-Digest: " + Sha256 + "\n\n3\ntea\n0\n\n")]
    public async Task One_that_is_right_or_whose_content_is_elsewhere_is(string rest)
    {
        Run run = await Command.RunAsync(["sign", "-"], "key", "the secret of nobody at all", Encoding.ASCII.GetBytes($"POST / HTTP/1.1\nHost: h\n{rest}"));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(2, run.Output.Split("Content-Digest: ").Length);
    }

    [Theory]
    [InlineData("Content-Length: 5", "Content-Length says 5, and the content has 3 bytes: correct it, or leave it out.")]
    [InlineData("Content-Length: 2", "Content-Length says 2, and the content has 3 bytes: correct it, or leave it out.")]
    [InlineData("Content-Length: x", "Content-Length says x, and the content has 3 bytes: correct it, or leave it out.")]
    [InlineData("Content-Digest: " + OfNothing, Differs + Sha256 + Remedy)]
    [InlineData("Content-(: x", "A header field is written as \"Name: value\".")]
    public async Task A_field_that_does_not_fit_the_body_is_refused_before_a_Secret_is_wanted(string field, string said)
    {
        Run run = await Command.RunAsync(["request", "https://h/", "-k", "key", "-d", _folder.Write("body", "tea"), "-H", field]);

        Assert.Equal((2, "", $"signing: {said}\n"), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task Fields_that_fit_the_body_are_sent()
    {
        Run run = await Command.RunAsync(
            ["request", $"{Site.Address}/echo/", "-d", _folder.Write("body", "tea"), "-H", "Content-Length: 3", "-H", $"Content-Digest: {Sha512}", "-H", "X-A: 1", "-H", "X-A: 2", "-v"],
            Site.Customer.Key,
            Site.Customer.Secret);

        Assert.Equal((0, "tea"), (run.ExitCode, run.Output));
        Assert.Contains("> X-A: 1\n> X-A: 2\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("> Content-Type: application/octet-stream\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_component_that_a_request_does_not_have_is_a_mistake_in_the_command()
    {
        Run run = await Command.RunAsync(["request", "https://h/", "--cover", "x-none"], "key", "the secret of nobody at all");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("signing: The request was not signed: the policy covers x-none", run.Error, StringComparison.Ordinal);
    }
}
