using System.Globalization;
using Signing.Benchmarks.Quick;

namespace Signing.Benchmarks.Load;

/// <summary>Sends requests to every door in turn, round after round, and prints what each lets through.</summary>
internal static class LoadRun
{
    private const int DefaultRounds = 5;
    private const int Seconds = 1;

    // Requests that a connection sends at once. With one the kernel's part of it, and the generator's, hide most of what a door
    // costs; with sixteen they are shared by sixteen.
    private static readonly int[] Depths = [1, 16];

    // The most that a door has answered in a round, and twice as much again, since the first one is slow; at first a guess that
    // no signed door here reaches.
    private const double Spare = 3;
    private const long FirstGuess = 500_000;

    /// <returns>0 if every bar is met, otherwise 1.</returns>
    public static async Task<int> RunAsync(int rounds = DefaultRounds)
    {
        string file = Path.GetTempFileName();
        List<LoadProcess> servers = [];
        try
        {
            foreach (LoadDoor door in LoadDoor.All)
            {
                servers.Add(await LoadProcess.StartAsync(door));
            }

            using var requests = new LoadRequests();
            Console.WriteLine($"{Environment.ProcessorCount} processors, which server and generator share; {rounds} rounds of {Seconds} s over 32 connections; medians");
            bool met = true;
            foreach (int depth in Depths)
            {
                met &= await JudgeAsync(servers, requests, file, depth, rounds);
            }

            return met ? 0 : 1;
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
            File.Delete(file);
        }
    }

    private static async Task<bool> JudgeAsync(List<LoadProcess> servers, LoadRequests requests, string file, int depth, int rounds)
    {
        Dictionary<string, LoadRow> get = await MeasureAsync(servers, requests, file, isPost: false, depth, rounds);
        Dictionary<string, LoadRow> post = await MeasureAsync(servers, requests, file, isPost: true, depth, rounds);
        Bar[] bars = Bars(get, post, static row => [.. row.Rounds.Select(round => round.PerSecond)]);
        Array.ForEach(bars, bar => Console.WriteLine(bar));
        Console.WriteLine("by the server's CPU alone, as if the generator had a machine of its own:");
        Array.ForEach(Bars(get, post, static row => row.PerCpuSecond), bar => Console.WriteLine(bar));
        return bars.All(bar => bar.IsMet);
    }

    private static Bar[] Bars(Dictionary<string, LoadRow> get, Dictionary<string, LoadRow> post, Func<LoadRow, double[]> speed)
    {
        double ratio(Dictionary<string, LoadRow> rows, string name, string floor) => Rounds.Ratio(speed(rows[name]), speed(rows[floor]));
        return
        [
            new("GET: UseMessageSignature, no replay claim / anonymous", ratio(get, LoadDoor.MiddlewareAlone, LoadDoor.Anonymous), 0.78, IsMinimum: true),
            new("POST: UseMessageSignature, no replay claim / anonymous", ratio(post, LoadDoor.MiddlewareAlone, LoadDoor.Anonymous), 0.65, IsMinimum: true),
            new("GET: the Signature scheme, no replay claim / a scheme that does nothing", ratio(get, LoadDoor.SchemeAlone, LoadDoor.Nothing), 0.78, IsMinimum: true),
            new("GET: UseMessageSignature / anonymous", ratio(get, LoadDoor.Middleware, LoadDoor.Anonymous), 0.73, IsMinimum: true),
            new("POST: UseMessageSignature / anonymous", ratio(post, LoadDoor.Middleware, LoadDoor.Anonymous), 0.60, IsMinimum: true),
            new("GET: the Signature scheme / a scheme that does nothing", ratio(get, LoadDoor.Scheme, LoadDoor.Nothing), 0.73, IsMinimum: true),
            new("GET: the Signature scheme / ASP.NET BearerToken", ratio(get, LoadDoor.Scheme, LoadDoor.Bearer), 1.8, IsMinimum: true),
        ];
    }

    private static async Task<Dictionary<string, LoadRow>> MeasureAsync(List<LoadProcess> servers, LoadRequests requests, string file, bool isPost, int depth, int rounds)
    {
        Dictionary<string, LoadRow> rows = servers.ToDictionary(server => server.Door.Name, _ => new LoadRow(), StringComparer.Ordinal);
        Dictionary<string, long> most = servers.ToDictionary(server => server.Door.Name, _ => FirstGuess, StringComparer.Ordinal);

        // The first one wears in, and says how many requests there have to be: writing them takes most of the time.
        for (int round = -1; round < rounds; round++)
        {
            foreach (LoadProcess server in servers)
            {
                string name = server.Door.Name;
                await server.LogInAsync();
                requests.Write(file, server, isPost, (int)(most[name] / depth) + 1, depth);
                long before = await server.AllocatedAsync();
                TimeSpan cpu = server.CpuTime;
                WrkResult result = await Wrk.RunAsync(server, file, Seconds);
                cpu = server.CpuTime - cpu;
                long allocated = await server.AllocatedAsync() - before;
                most[name] = (long)Math.Max(round < 0 ? 0 : most[name], result.Requests * Spare);
                if (round >= 0)
                {
                    rows[name].Add(result, allocated, cpu);
                }
            }
        }

        Print(servers, rows, isPost, depth);
        return rows;
    }

    private static void Print(List<LoadProcess> servers, Dictionary<string, LoadRow> rows, bool isPost, int depth)
    {
        double anonymous = rows[LoadDoor.Anonymous].PerSecond;
        double cpu = rows[LoadDoor.Anonymous].CpuMicroseconds;
        Console.WriteLine();
        Console.WriteLine($"| {(isPost ? "POST with 1 KB" : "GET")}, {depth} at once | requests per second | anonymous = 1 | p99, ms | server's CPU per request, µs | anonymous = 1 | allocated per request |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (LoadProcess server in servers)
        {
            LoadRow row = rows[server.Door.Name];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {server.Door.Name} | {row.PerSecond:N0} | {row.PerSecond / anonymous:0.00} | {row.Milliseconds99:0.0} | {row.CpuMicroseconds:0.0} | {row.CpuMicroseconds / cpu:0.00} | {row.Bytes:N0} B |"));
        }

        Console.WriteLine();
    }
}
