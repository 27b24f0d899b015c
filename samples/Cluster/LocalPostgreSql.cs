using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Cluster;

/// <summary>A PostgreSQL server of this program's own, in a temporary folder and on a free port of loopback.</summary>
internal sealed class LocalPostgreSql : IAsyncDisposable
{
    private const string Debian = "/usr/lib/postgresql";

    private readonly string _folder;
    private Process? _server;

    private LocalPostgreSql(string folder) => _folder = folder;

    public string ConnectionString { get; private set; } = "";

    /// <summary>Finds the folder with <c>initdb</c> and <c>postgres</c>: on the PATH, or where Debian has them.</summary>
    /// <returns>The folder, or <see langword="null"/> if there is none.</returns>
    public static string? FindPrograms()
    {
        IEnumerable<string> debian = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).OrderByDescending(Version).Select(version => Path.Combine(version, "bin"))
            : [];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(debian)
            .FirstOrDefault(folder => Has(folder, "initdb") && Has(folder, "postgres"));
    }

    public static async Task<LocalPostgreSql> StartAsync(string programs, CancellationToken cancellationToken)
    {
        var server = new LocalPostgreSql(Directory.CreateTempSubdirectory("signing-cluster-").FullName);
        try
        {
            await server.StartInAsync(programs, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await StopAsync(_server);
            _server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static double Version(string folder) => double.TryParse(Path.GetFileName(folder), NumberStyles.Float, CultureInfo.InvariantCulture, out double version) ? version : 0;

    private static bool Has(string folder, string program) => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program));

    private async Task StartInAsync(string programs, CancellationToken cancellationToken)
    {
        string data = Path.Combine(_folder, "data");
        string password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        string passwordFile = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);
        if (IsRoot)
        {
            await RunAsync(new ProcessStartInfo("chown", ["-R", "postgres:postgres", _folder]));
        }

        await RunAsync(AsOwner(programs, "initdb", "--pgdata", data, "--username", "cluster", "--auth", "scram-sha-256", "--pwfile", passwordFile, "--encoding", "UTF8", "--locale", "C", "--no-sync"));
        int port = FreePort();

        // Everything is deleted at the end, so it need not outlive a crash of the machine.
        _server = Process.Start(AsOwner(programs, "postgres", "-D", data, "-p", port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"))!;
        await WaitUntilReadyAsync(_server, cancellationToken);
        ConnectionString = $"Host=127.0.0.1;Port={port};Database=postgres;Username=cluster;Password={password}";
    }

    private static async Task WaitUntilReadyAsync(Process server, CancellationToken cancellationToken)
    {
        List<string> said = [];
        TaskCompletionSource<bool> isReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.ErrorDataReceived += (_, line) =>
        {
            said.Add(line.Data ?? "It ended.");
            if (line.Data is null || line.Data.Contains("database system is ready to accept connections", StringComparison.Ordinal))
            {
                isReady.TrySetResult(line.Data is not null);
            }
        };
        server.BeginErrorReadLine();
        server.BeginOutputReadLine();
        if (!await isReady.Task.WaitAsync(cancellationToken))
        {
            throw new InvalidOperationException("PostgreSQL did not start:\n" + string.Join('\n', said));
        }
    }

    private static async Task StopAsync(Process server)
    {
        // SIGINT ends the sessions and stops; on Windows there is no such signal.
        if (OperatingSystem.IsWindows())
        {
            server.Kill();
        }
        else if (!server.HasExited)
        {
            using Process kill = Process.Start("kill", ["-INT", server.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        await server.WaitForExitAsync();
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName} exited with {process.ExitCode}: {error}{await output}");
        }
    }

    // PostgreSQL refuses to run as root. setpriv becomes the server, so the id of the process is the server's, and so does setsid,
    // which keeps a terminal's Ctrl+C from it: it ends after its nodes.
    private static ProcessStartInfo AsOwner(string programs, string program, params string[] arguments)
    {
        string[] owner = IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] : [];
        string[] session = OperatingSystem.IsLinux() ? ["setsid"] : [];
        string[] all = [.. session, .. owner, Path.Combine(programs, program), .. arguments];
        return new ProcessStartInfo(all[0], all[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
    }

    private static bool IsRoot => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
