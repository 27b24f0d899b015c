using System.Diagnostics;
using System.Reflection;

namespace Signing.Tool.Tests;

/// <summary>Runs the command as its users do: as a process, with nothing of this machine's settings in its environment.</summary>
internal static class Command
{
    // Not the one beside the tests: that one lacks what ASP.NET brings to them.
    internal static readonly string Program = Path.Combine(
        Metadata("RepositoryRoot"), "src", "Signing.Tool", "bin", Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))!), "net10.0", "Signing.Tool.dll");

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Runs it with a Key and its Secret in the environment.</summary>
    public static Task<Run> RunAsync(string[] arguments, string key, string secret, byte[]? input = null) =>
        RunAsync(arguments, input, ("SIGNING_KEY", key), ("SIGNING_SECRET", secret));

    /// <summary>Runs it to its end. Whatever Secrets its environment holds are in neither output unless it was asked for one.</summary>
    public static async Task<Run> RunAsync(string[] arguments, byte[]? input = null, params (string Name, string Value)[] environment)
    {
        using Process process = Start(arguments, environment);
        Task writing = WriteAsync(process, input ?? []);
        Task<string> error = process.StandardError.ReadToEndAsync(Cancelled);
        var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output, Cancelled);
        await process.WaitForExitAsync(Cancelled);
        await writing;
        var run = new Run(process.ExitCode, output.ToArray(), await error);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        foreach ((string name, string value) in environment.Where(variable => variable.Name is "SIGNING_SECRET" or "SIGNING_TOKEN" or "OTHER_SECRET" && variable.Value.Length > 8))
        {
            Assert.False(run.ToString().Contains(value, StringComparison.Ordinal), $"{name} is shown: {string.Join(' ', arguments)}");
        }

        return run;
    }

    public static Process Start(string[] arguments, params (string Name, string Value)[] environment) => Start("dotnet", [Program, .. arguments], environment);

    /// <summary>Starts another program, which runs the command.</summary>
    public static Process Start(string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("SIGNING_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["NO_PROXY"] = "localhost,127.0.0.1,[::1]";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string Metadata(string key) =>
        typeof(Command).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    // A command that does not read its input may be gone before all of it is written.
    private static async Task WriteAsync(Process process, byte[] input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, Cancelled);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            Assert.True(process.HasExited || input.Length > 0);
        }
    }
}
