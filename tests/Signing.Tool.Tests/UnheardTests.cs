using System.Diagnostics;

namespace Signing.Tool.Tests;

/// <summary>Where the standard error cannot be written: what is said is lost, and nothing else.</summary>
public sealed class UnheardTests(SharedSite shared) : IClassFixture<SharedSite>, IDisposable
{
    private readonly Folder _folder = new();

    private Site Site => shared.Site;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2>/dev/full")]
    [InlineData("2>&-")]
    public async Task The_exit_code_and_the_answer_are_as_ever(string redirection)
    {
        Run signed = await Command.RunAsync(["sign", "-"], Site.Customer.Key, Site.Customer.Secret, "GET / HTTP/1.1\nHost: h\n\n"u8.ToArray());

        Assert.Equal((0, "verified\n"), await RunAsync($"verify '{_folder.Write("signed.http", signed.OutputBytes)}' {redirection}"));
        Assert.Equal((2, ""), await RunAsync($"verify no-such-file {redirection}"));
        Assert.Equal((0, "GET /echo/"), await RunAsync($"request {Site.Address}/echo/ -v {redirection}"));
    }

    [Fact]
    public async Task A_secret_that_was_made_is_handed_over()
    {
        (int exitCode, string output) = await RunAsync($"keys create --server {Site.Server} --application {Site.Application} --name unheard -v 2>/dev/full", Site.Robot);

        Assert.Equal(0, exitCode);
        Assert.Contains("\nsecret ", output, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output)> RunAsync(string command) => RunAsync(command, Site.Customer);

    private static async Task<(int ExitCode, string Output)> RunAsync(string command, (string Key, string Secret) pair)
    {
        using Process process = Command.Start("sh", ["-c", $"exec dotnet '{Command.Program}' {command}"], [("SIGNING_KEY", pair.Key), ("SIGNING_SECRET", pair.Secret)]);
        string output = await process.StandardOutput.ReadToEndAsync(Command.Cancelled);
        await process.WaitForExitAsync(Command.Cancelled);
        return (process.ExitCode, output);
    }
}
