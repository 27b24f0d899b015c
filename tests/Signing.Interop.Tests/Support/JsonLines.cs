using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Signing.Browser.Tests.Support;
using Signing.Tests.House;

namespace Signing.Interop.Tests.Support;

/// <summary>A program of node/ in a process of its own, which answers each line of JSON with one.</summary>
public sealed class JsonLines : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _open = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly Lock _writing = new();
    private readonly Process _process;
    private int _last;

    private JsonLines(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => See(line.Data);
        _process.ErrorDataReceived += (_, line) => _complaints.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts a program by its name without the extension.</summary>
    public static JsonLines Start(string program)
    {
        string folder = Path.Combine(Repository.Root, "tests", "Signing.Interop.Tests", "node");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            throw new DirectoryNotFoundException("The libraries of npm are not here yet. Fetch them, as tests/run.sh does: npm ci --prefix tests/Signing.Interop.Tests/node");
        }

        return new JsonLines(new ProcessStartInfo(Executable.Find("node"), [program + ".mjs"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
    }

    /// <summary>Gives the program a job, and waits for the answer.</summary>
    public Task<JsonElement> AskAsync(JsonObject job)
    {
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        int id = Interlocked.Increment(ref _last);
        job["id"] = id;
        _open[id] = answer;
        lock (_writing)
        {
            _process.StandardInput.WriteLine(job.ToJsonString());
            _process.StandardInput.Flush();
        }

        return answer.Task.WaitAsync(TestContext.Current.CancellationToken);
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

    private void See(string? line)
    {
        if (line is not null)
        {
            JsonElement answer = JsonDocument.Parse(line).RootElement;
            if (_open.TryRemove(answer.GetProperty("id").GetInt32(), out TaskCompletionSource<JsonElement>? job))
            {
                job.SetResult(answer);
            }

            return;
        }

        foreach (TaskCompletionSource<JsonElement> job in _open.Values)
        {
            job.TrySetException(new InvalidOperationException("The program has ended:\n" + string.Join('\n', _complaints)));
        }
    }
}
