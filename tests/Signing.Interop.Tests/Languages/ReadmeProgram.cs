using System.Diagnostics;
using Signing.Browser.Tests.Support;
using Signing.Tests.House;

namespace Signing.Interop.Tests.Languages;

/// <summary>A program of the README, word for word: of the section "A client in another language", unless it is of another one.</summary>
public sealed record ReadmeProgram(string Language, string File, string[] Command)
{
    private const string Readme = "src/Signing/README.md";

    public string Section { get; init; } = "A client in another language";

    public string[] Arguments { get; init; } = [];

    /// <summary>Writes the program to a folder of its own and runs it.</summary>
    /// <returns>What it wrote to its output, and whether it ended with 0.</returns>
    public async Task<(bool Succeeded, string Output, string Errors)> RunAsync(string address, string key, string secret)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("signing-language-");
        try
        {
            await System.IO.File.WriteAllTextAsync(Path.Combine(folder.FullName, File), Text(), TestContext.Current.CancellationToken);
            return await RunAsync(folder.FullName, address, key, secret);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private string Text()
    {
        IEnumerable<string> section = Repository.Lines(Readme).SkipWhile(line => line != "## " + Section);
        return string.Join('\n', section.SkipWhile(line => line != "```" + Language).Skip(1).TakeWhile(line => line != "```")) + "\n";
    }

    private async Task<(bool Succeeded, string Output, string Errors)> RunAsync(string folder, string address, string key, string secret)
    {
        var start = new ProcessStartInfo(Executable.Find(Command[0]), [.. Command[1..], File, .. Arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["API_URL"] = address;
        start.Environment["API_KEY"] = key;
        start.Environment["API_SECRET"] = secret;
        start.Environment["NO_PROXY"] = start.Environment["no_proxy"] = "127.0.0.1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode == 0, await output, await errors);
    }
}
