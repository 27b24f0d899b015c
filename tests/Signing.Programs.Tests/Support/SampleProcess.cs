using System.Diagnostics;
using System.Threading.Channels;
using Signing.Tests.House;
using Signing.Tests.Support;

namespace Signing.Programs.Tests.Support;

/// <summary>Runs one of the samples as a process of its own, as a reader does.</summary>
public sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    // Output and errors: either may end first.
    private int _open = 2;

    private SampleProcess(Process process) => _process = process;

    /// <summary>Starts a sample that was built with the tests.</summary>
    public static SampleProcess Start(string name, string[] arguments, params (string Name, string Value)[] environment) =>
        StartProject(Path.Combine("samples", name), arguments, environment);

    /// <summary>Starts a program of the repository, named after its folder, that was built with the tests.</summary>
    public static SampleProcess StartProject(string project, string[] arguments, params (string Name, string Value)[] environment)
    {
        // This runs in bin/<configuration>/<framework>/.
        string configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))!);
        string folder = Path.Combine(Repository.Root, project, "bin", configuration, "net10.0");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, Path.GetFileName(project) + ".dll"), .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        var sample = new SampleProcess(new Process { StartInfo = start });
        sample._process.OutputDataReceived += (_, line) => sample.Keep(line.Data);
        sample._process.ErrorDataReceived += (_, line) => sample.Keep(line.Data);
        sample._process.Start();
        sample._process.BeginOutputReadLine();
        sample._process.BeginErrorReadLine();
        return sample;
    }

    /// <summary>Waits for a line of output that holds a text, and gives what follows it.</summary>
    public async Task<string> WaitForAsync(string text, CancellationToken cancellationToken)
    {
        var seen = new List<string>();
        await foreach (string line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            seen.Add(line);
            int start = line.IndexOf(text, StringComparison.Ordinal);
            if (start >= 0)
            {
                return line[(start + text.Length)..].Trim();
            }
        }

        throw new InvalidOperationException($"The sample ended without saying \"{text}\":\n{string.Join('\n', seen)}");
    }

    /// <summary>Waits for the end, and gives the exit code and all output that nobody waited for.</summary>
    public async Task<(int ExitCode, string Output)> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        var rest = new List<string>();
        await foreach (string line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            rest.Add(line);
        }

        return (_process.ExitCode, string.Join('\n', rest));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            if (Interlocked.Decrement(ref _open) == 0)
            {
                _lines.Writer.Complete();
            }

            return;
        }

        Canary.See(line);
        _lines.Writer.TryWrite(line);
    }
}
