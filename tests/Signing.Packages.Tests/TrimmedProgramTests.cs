using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Signing.Packages.Tests;

/// <summary>The libraries say that they may be trimmed: a program from which all that it does not use was cut away shows it.</summary>
public sealed class TrimmedProgramTests
{
    private const string Key = "trimmed_key_1";
    private const string Secret = "trimmed_secret_0123456789";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_that_signs_is_trimmed_without_a_warning_and_still_signs()
    {
        string artifacts = Path.Combine(Package.RepositoryRoot, "artifacts", "trimmed");
        string published = Path.Combine(artifacts, "program");
        (int exitCode, string output) = await RunAsync(
            "dotnet",
            "publish", Path.Combine(Package.RepositoryRoot, "tests", "Signing.Packages.Tests", "Trimmed"), "-c", "Release", "--use-current-runtime",
            "-nodeReuse:false", "-p:RunAnalyzers=false", "--artifacts-path", artifacts, "-o", published);
        Assert.True(exitCode == 0, output);
        using var api = new TcpListener(IPAddress.Loopback, 0);
        api.Start();

        Task<string[]> received = ReceiveAsync(api);
        (exitCode, output) = await RunAsync(Path.Combine(published, "Trimmed"), $"http://{api.LocalEndpoint}", Key, Secret);
        Assert.True(exitCode == 0, output);
        string[] lines = await received;

        Assert.Equal("204", output.Trim());
        Assert.Equal("POST /orders?id=7 HTTP/1.1", lines[0]);
        string digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData("tea"u8))}:";
        string parameters = FieldOf(lines, "Signature-Input")["sig=".Length..];
        string signatureBase = string.Create(CultureInfo.InvariantCulture, $"""
            "@method": POST
            "@authority": {api.LocalEndpoint}
            "@path": /orders
            "@query": ?id=7
            "content-digest": {digest}
            "content-type": text/plain; charset=utf-8
            "@signature-params": {parameters}
            """).ReplaceLineEndings("\n");
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(signatureBase));
        Assert.Equal(digest, FieldOf(lines, "Content-Digest"));
        Assert.Contains($"keyid=\"{Key}\"", parameters, StringComparison.Ordinal);
        Assert.Equal($"sig=:{Convert.ToBase64String(mac)}:", FieldOf(lines, "Signature"));
    }

    private static async Task<string[]> ReceiveAsync(TcpListener api)
    {
        using TcpClient connection = await api.AcceptTcpClientAsync(Cancelled);
        await using NetworkStream stream = connection.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var lines = new List<string>();
        while (await reader.ReadLineAsync(Cancelled) is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        await reader.ReadBlockAsync(new char["tea".Length], Cancelled);
        await stream.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), Cancelled);
        return [.. lines];
    }

    private static string FieldOf(string[] lines, string name) =>
        Assert.Single(lines, line => line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..];

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(Cancelled);
        string output = await process.StandardOutput.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        return (process.ExitCode, output + await error);
    }
}
