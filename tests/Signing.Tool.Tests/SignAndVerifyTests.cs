using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Signing.Tool.Tests;

public sealed class SignAndVerifyTests(SharedSite shared) : IClassFixture<SharedSite>, IDisposable
{
    private const string Key = "acme_key_live_5YwJ3bqX0eTnP8kVhR2sZd";
    private const string Secret = "acme_secret_of_these_tests_canary";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("GET /orders?id=7 HTTP/1.1\r\nHost: api.example.com\r\n\r\n")]
    [InlineData("GET /orders?id=7 HTTP/1.1\nHost: api.example.com\n\n")]
    [InlineData("GET /orders?id=7 HTTP/1.1\nHost: api.example.com")]
    [InlineData("GET /orders?id=7 HTTP/1.1\nX-Folded: a\n b\nHost:api.example.com\n")]
    [InlineData("POST /orders HTTP/1.1\r\nHost: api.example.com\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\ntea\n")]
    [InlineData("POST /orders HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nt\r\n2\r\nea\r\n0\r\n\r\n")]
    [InlineData("POST /orders HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: chunked\r\n\r\ntea")]
    [InlineData("POST /orders HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntea\r\n0\r\n\r\n")]
    [InlineData("POST /orders HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ntea\r\n")]
    [InlineData("get /a%2Fb/../c HTTP/1.1\r\nHost: [::1]:8080\r\nX-Folded: a\r\n  b\r\nX-Empty:\r\n\r\n")]
    public async Task What_was_signed_verifies(string request)
    {
        Run signed = await RunAsync(["sign", "-"], Encoding.Latin1.GetBytes(request));
        Run verified = await RunAsync(["verify", "-"], signed.OutputBytes);

        Assert.Equal((0, ""), (signed.ExitCode, signed.Error));
        Assert.Equal((0, "verified\n"), (verified.ExitCode, verified.Output));
        Assert.StartsWith($"Signed with {Key} at ", verified.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/orders?id=7", "/orders?id=8", "invalid_credential")]
    [InlineData("tea", "TEA", "digest_mismatch")]
    [InlineData("Signature: sig=:", "Signature: sig=:!", "malformed_signature")]
    [InlineData("Signature-Input", "Signature-Import", "malformed_signature_input")]
    public async Task What_was_tampered_with_does_not(string from, string to, string code)
    {
        Run signed = await RunAsync(["sign", "-"], "POST /orders?id=7 HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n\r\ntea"u8.ToArray());
        byte[] tampered = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(signed.OutputBytes).Replace(from, to, StringComparison.Ordinal));

        Run verified = await RunAsync(["verify", "-"], tampered);
        Run json = await RunAsync(["verify", "-", "--json"], tampered);

        Assert.Equal((1, code + "\n"), (verified.ExitCode, verified.Output));
        Assert.Equal(1, json.ExitCode);
        Assert.Equal(code, json.Json.GetProperty("status").GetString());
        Assert.Equal(["status", "verified", "key", "created", "covered", "sentence", "remedy"], json.Json.EnumerateObject().Select(member => member.Name));
        Assert.False(json.Json.GetProperty("verified").GetBoolean());
        Assert.Equal($"{json.Json.GetProperty("sentence").GetString()} {json.Json.GetProperty("remedy").GetString()} (signing explain says more.)\n", verified.Error);
        Assert.NotEqual("", json.Json.GetProperty("remedy").GetString());
    }

    [Theory]
    [InlineData("sign FILE >/dev/full")]
    [InlineData("sign FILE --json >/dev/full")]
    [InlineData("explain FILE >/dev/full")]
    [InlineData("--help >/dev/full")]
    [InlineData("sign FILE >&-")]
    public async Task An_answer_that_cannot_be_written_is_not_a_success(string command)
    {
        string file = _folder.Write("plain.http", "GET / HTTP/1.1\nHost: h\n\n");

        using Process process = Command.Start("sh", ["-c", $"exec dotnet '{Command.Program}' {command.Replace("FILE", $"'{file}'", StringComparison.Ordinal)}"], [("SIGNING_KEY", Key), ("SIGNING_SECRET", Secret)]);
        string error = await process.StandardError.ReadToEndAsync(Command.Cancelled);
        await process.WaitForExitAsync(Command.Cancelled);

        Assert.Equal(1, process.ExitCode);
        Assert.Matches("^signing: The answer cannot be written: .+\\.\n$", error);
    }

    [Fact]
    public async Task The_members_of_the_JSON_answers_are_those_of_the_README()
    {
        Run signed = await RunAsync(["sign", "-", "--json", "--created", "2026-11-21T19:40:00Z", "--tag", "t", "--label", "mine", "--expires-in", "60"], "GET / HTTP/1.1\nHost: h\n\n"u8.ToArray());

        Assert.Equal(["key", "signature_input", "signature", "content_digest", "signature_base"], signed.Json.EnumerateObject().Select(member => member.Name));
        Assert.StartsWith($"{{\n  \"key\": \"{Key}\",\n", signed.Output, StringComparison.Ordinal);
        string input = signed.Json.GetProperty("signature_input").GetString()!;
        Assert.StartsWith($"mine=(\"@method\" \"@authority\" \"@path\" \"@query\");created=1795290000;expires=1795290060;keyid=\"{Key}\"", input, StringComparison.Ordinal);
        Assert.EndsWith($"\"@signature-params\": {input["mine=".Length..]}", signed.Json.GetProperty("signature_base").GetString(), StringComparison.Ordinal);

        string request = $"GET / HTTP/1.1\r\nHost: h\r\nSignature-Input: {input}\r\nSignature: {signed.Json.GetProperty("signature").GetString()}\r\n\r\n";
        Run verified = await RunAsync(["verify", "-", "--json", "--received-at", "1795290010", "--tag", "t"], Encoding.Latin1.GetBytes(request));
        Assert.Equal(0, verified.ExitCode);
        Assert.Equal(["status", "verified", "key", "created", "covered", "sentence", "remedy"], verified.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["@method", "@authority", "@path", "@query"], verified.Json.GetProperty("covered").EnumerateArray().Select(name => name.GetString()!.Trim('"')));
        Assert.True(verified.Json.GetProperty("verified").GetBoolean());
        Assert.Equal(1795290000, verified.Json.GetProperty("created").GetInt64());
        Run told = await RunAsync(["verify", "-", "--received-at", "1795290010", "--tag", "t"], Encoding.Latin1.GetBytes(request));
        Assert.Equal($"Signed with {Key} at 2026-11-21T19:40:00Z, expires at 2026-11-21T19:41:00Z; covered: \"@method\" \"@authority\" \"@path\" \"@query\"\n", told.Error);

        Run aged = await RunAsync(["verify", "-", "--received-at", "1795290010", "--max-age", "5"], Encoding.Latin1.GetBytes(request));
        Assert.Equal((1, "too_old\n"), (aged.ExitCode, aged.Output));
        Run old = await RunAsync(["verify", "-"], Encoding.Latin1.GetBytes(request));
        Assert.Equal(1, old.ExitCode);
        Run uncovered = await RunAsync(["verify", "-", "--received-at", "1795290010", "--require", "date"], Encoding.Latin1.GetBytes(request));
        Assert.Equal((1, "insufficient_coverage\n"), (uncovered.ExitCode, uncovered.Output));
    }

    [Fact]
    public async Task A_server_accepts_the_bytes_that_were_signed()
    {
        Site site = shared.Site;
        string authority = site.Address["http://".Length..];
        Run signed = await Command.RunAsync(
            ["sign", "-", "--scheme", "http"], site.Customer.Key, site.Customer.Secret,
            Encoding.Latin1.GetBytes($"POST /echo/a%20b?x=1 HTTP/1.1\r\nHost: {authority}\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\ntea"));

        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(site.Address).Port, Command.Cancelled);
        await client.GetStream().WriteAsync(signed.OutputBytes, Command.Cancelled);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        string answer = await reader.ReadToEndAsync(Command.Cancelled);

        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.Contains("tea", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3\r\ntea\r\n0\r\n\r\n")]
    [InlineData("1\r\nt\r\n2\r\nea\r\n0\r\n\r\n")]
    [InlineData("1\nt\n2\nea\n0\n\n")]
    [InlineData("0003;name=value\r\ntea\r\n0\r\nTrailer: x\r\n\r\n")]
    [InlineData("tea")]
    public async Task The_digest_is_that_of_the_content_without_its_chunks(string content)
    {
        Run signed = await RunAsync(["sign", "-"], Encoding.Latin1.GetBytes($"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{content}"));

        Assert.Contains("Content-Digest: sha-256=:qfdNHsNuvesto/blhoCQzSotILPcynti9gMEsdPZ70I=:\r\n", signed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5\r\ntea\r\n0\r\n\r\n")]
    [InlineData("2\r\ntea\r\n0\r\n\r\n")]
    [InlineData("2\r\ntea\n0\r\n\r\n")]
    [InlineData("9\r\ntea")]
    public async Task What_is_not_whole_chunks_is_the_content_as_it_stands(string content)
    {
        Run signed = await RunAsync(["sign", "-"], Encoding.Latin1.GetBytes($"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{content}"));

        Assert.Contains($"sha-256=:{Convert.ToBase64String(SHA256.HashData(Encoding.Latin1.GetBytes(content)))}:", signed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_request_has_already_is_neither_added_nor_covered_twice()
    {
        byte[] request = "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Digest: sha-256=:qfdNHsNuvesto/blhoCQzSotILPcynti9gMEsdPZ70I=:\r\n\r\ntea"u8.ToArray();

        Run signed = await RunAsync(["sign", "-", "--cover", "@method", "--cover", "content-type", "--cover", "@authority", "--cover", "@path", "--cover", "@query"], request);

        Assert.Equal(0, signed.ExitCode);
        Assert.Equal(2, signed.Output.Split("Content-Digest: ").Length);
        Assert.Contains("(\"@method\" \"content-type\" \"@authority\" \"@path\" \"@query\" \"content-digest\")", signed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_not_UTF_8_is_said_so()
    {
        byte[] latin = [.. "\"a\": "u8, 0xE9];
        string file = _folder.Write("latin.txt", latin);

        Run named = await RunAsync(["explain", "--signed", file, "--seen", file], []);
        Run piped = await RunAsync(["explain", "--signed", "-", "--seen", file], latin);

        Assert.Equal((2, $"signing: The file {file} is not UTF-8 text.\n"), (named.ExitCode, named.Error));
        Assert.Equal((2, "signing: The standard input is not UTF-8 text.\n"), (piped.ExitCode, piped.Error));
    }

    [Fact]
    public async Task Of_two_signatures_the_one_of_the_Key_that_is_meant_is_told()
    {
        Run first = await Command.RunAsync(["sign", "-", "--label", "a"], "another", "the secret of somebody else", "GET / HTTP/1.1\nHost: h\n\n"u8.ToArray());
        Run both = await RunAsync(["sign", "-", "--label", "b"], first.OutputBytes);
        Run verified = await RunAsync(["verify", "-"], both.OutputBytes);

        Assert.Equal((0, "verified\n"), (verified.ExitCode, verified.Output));
        Assert.StartsWith($"Signed with {Key} at ", verified.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_a_host_is_not_signed_and_says_why()
    {
        Run run = await RunAsync(["sign", "-"], "GET / HTTP/1.1\n\n"u8.ToArray());

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("Host field", run.Error, StringComparison.Ordinal);
    }

    private static Task<Run> RunAsync(string[] arguments, byte[] input) => Command.RunAsync(arguments, Key, Secret, input);
}
