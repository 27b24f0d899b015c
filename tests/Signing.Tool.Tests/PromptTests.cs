using System.Diagnostics;
using System.Text;

namespace Signing.Tool.Tests;

/// <summary>At a real terminal, which <c>script</c> of every Debian makes.</summary>
public sealed class PromptTests : IDisposable
{
    private const string Key = "acme_key_live_5YwJ3bqX0eTnP8kVhR2sZd";
    private const string Secret = "acme_secret_typed_by_a_canary";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_secret_that_is_nowhere_is_asked_for_and_not_echoed()
    {
        Run signed = await Command.RunAsync(["sign", "-"], Key, Secret, "GET / HTTP/1.1\nHost: h\n\n"u8.ToArray());

        (string shown, int exitCode) = await TypeAsync($"verify {_folder.Write("signed.http", signed.OutputBytes)}", Secret[..5] + "x\u007f" + Secret[5..] + "\r");

        Assert.Contains("Secret: ", shown, StringComparison.Ordinal);
        Assert.Contains("verified", shown, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("canary", shown, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("\r", "signing: No Secret was typed.")]
    [InlineData("\u007f\t\r", "signing: No Secret was typed.")]
    [InlineData("short\r", "signing: The Secret is shorter than 16 bytes")]
    public async Task An_answer_that_is_no_secret_is_refused(string typed, string said)
    {
        (string shown, int exitCode) = await TypeAsync($"sign {_folder.Write("plain.http", "GET / HTTP/1.1\nHost: h\n\n")}", typed);

        Assert.Equal(2, exitCode);
        Assert.Contains($"Secret: \r\n{said}", shown, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("verify FILE")]
    [InlineData("request http://127.0.0.1:1/")]
    [InlineData("keys list --server http://127.0.0.1:1/")]
    public async Task Ctrl_C_at_the_question_ends_the_command(string command)
    {
        string file = _folder.Write("plain.http", "GET / HTTP/1.1\nHost: h\n\n");

        (string shown, int exitCode) = await TypeAsync(command.Replace("FILE", file, StringComparison.Ordinal), "acme\u0003");

        Assert.Equal(130, exitCode);
        Assert.Contains("Secret: \r\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", shown, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_said_about_an_answer_begins_a_line_on_a_screen()
    {
        await using Site site = await Site.StartAsync();

        (string shown, int exitCode) = await TypeAsync($"request {site.Address}/echo/ --secret-file {_folder.Write("secret", Secret)}", typed: "");

        Assert.Equal(1, exitCode);
        Assert.Contains("}\r\nsigning: The server answered 401", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n\r\n", shown, StringComparison.Ordinal);
    }

    // The shell gives its place to the command: Ctrl+C reaches the whole terminal, and not every shell lives to tell what the command ended with.
    private static async Task<(string Shown, int ExitCode)> TypeAsync(string arguments, string typed)
    {
        using Process process = Command.Start("script", ["-qec", $"tty; exec dotnet '{Command.Program}' {arguments}", "/dev/null"], [("SIGNING_KEY", Key)]);
        try
        {
            return await TypeAsync(process, typed);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<(string Shown, int ExitCode)> TypeAsync(Process process, string typed)
    {
        string terminal = await process.StandardOutput.ReadLineAsync(Command.Cancelled) ?? "";
        var shown = new StringBuilder();
        var buffer = new char[1024];
        bool hasTyped = false;
        for (int read; (read = await process.StandardOutput.ReadAsync(buffer, Command.Cancelled)) > 0;)
        {
            shown.Append(buffer, 0, read);
            if (hasTyped || !shown.ToString().Contains("Secret: ", StringComparison.Ordinal))
            {
                continue;
            }

            hasTyped = true;
            await WaitForSilenceAsync(terminal.Trim());
            await process.StandardInput.WriteAsync(typed.AsMemory(), Command.Cancelled);
            await process.StandardInput.FlushAsync(Command.Cancelled);
        }

        await process.WaitForExitAsync(Command.Cancelled);
        return (shown.ToString(), process.ExitCode);
    }

    // Until the terminal echoes no more, which is as soon as the command waits for a key.
    private static async Task WaitForSilenceAsync(string terminal)
    {
        for (string settings = ""; !settings.Contains("-echo ", StringComparison.Ordinal);)
        {
            using Process stty = Process.Start(new ProcessStartInfo("stty", ["-F", terminal, "-a"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
            settings = await stty.StandardOutput.ReadToEndAsync(Command.Cancelled);
            await stty.WaitForExitAsync(Command.Cancelled);
        }
    }
}
