using System.Diagnostics;
using System.Globalization;

namespace Signing.Benchmarks.Load;

/// <summary>Runs wrk, the load generator, over a file of requests.</summary>
internal static class Wrk
{
    // The connections keep both cores busy; the generator takes its share of them.
    private const int Connections = 32;
    private const string Result = "RESULT ";

    /// <returns>What was answered, without a single refusal.</returns>
    /// <exception cref="InvalidOperationException">A request was refused or failed, or there were too few, so that the round means nothing.</exception>
    public static async Task<WrkResult> RunAsync(LoadProcess server, string requests, int seconds)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Load", "requests.lua");
        var start = new ProcessStartInfo("wrk", ["-t1", $"-c{Connections}", $"-d{seconds}s", "-s", script, server.Address.ToString(), "--", requests]) { UseShellExecute = false, RedirectStandardOutput = true };
        using Process wrk = Process.Start(start)!;
        string output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        string line = output.Split('\n').SingleOrDefault(text => text.StartsWith(Result, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk said:\n{output}");
        long[] figures = [.. line[Result.Length..].Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture))];
        (long answered, long microseconds, long refused, long failed, long asked, long count, long p99) = (figures[0], figures[1], figures[2], figures[3], figures[4], figures[5], figures[6]);
        if (refused > 0 || failed > 0 || (asked > count && server.Door.Proof == LoadProof.Signature))
        {
            throw new InvalidOperationException($"{refused} requests were refused, {failed} failed, and {asked} of {count} were sent.");
        }

        return new WrkResult(answered, answered / (microseconds / 1e6), p99 / 1e3);
    }
}
