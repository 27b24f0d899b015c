using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Signing.Benchmarks.Peers;

/// <summary>Libraries of npm, under Node in a process of its own, on the message that ours verifies.</summary>
internal static class NodePeers
{
    private const string Folder = "benchmarks/node-peers";

    /// <returns>The median time of one verification of each library, in nanoseconds; nothing where there is no Node, or npm cannot install them.</returns>
    public static async Task<IReadOnlyDictionary<string, double>> MeasureAsync(Workload workload)
    {
        string folder = FindFolder();
        if (!Directory.Exists(Path.Combine(folder, "node_modules")) && await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, "") is null)
        {
            return new Dictionary<string, double>(StringComparer.Ordinal);
        }

        string message = JsonSerializer.Serialize(new
        {
            method = "POST",
            url = "https://api.example.com" + Workload.PostTarget,
            keyId = Workload.KeyId,
            secret = Workload.Secret,
            fields = workload.SignedFields.Select(field => new[] { field.Key, field.Value }),
        });
        string? times = await RunAsync("node", ["peers.mjs"], folder, message);
        return times is null ? new Dictionary<string, double>(StringComparer.Ordinal) : JsonSerializer.Deserialize<Dictionary<string, double>>(times)!;
    }

    private static string FindFolder()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Signing.sln")))
        {
            root = Path.GetDirectoryName(root);
        }

        return Path.Combine(root ?? throw new InvalidOperationException("This is not a clone of the repository."), Folder);
    }

    private static async Task<string?> RunAsync(string program, string[] arguments, string folder, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception exception)
        {
            await Console.Error.WriteLineAsync($"{program} cannot be run, so its rows are missing: {exception.Message}");
            return null;
        }
    }
}
