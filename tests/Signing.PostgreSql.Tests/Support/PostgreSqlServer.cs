using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Signing.PostgreSql.Tests.Support;

/// <summary>A PostgreSQL server of the tests' own, from the programs that Debian installs, on a free port of loopback and in a folder of its own.</summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    // A server is started, killed and stopped whatever becomes of the test: nothing here is cancelled with it.
    private const string User = "tester";

    private readonly string _folder = Directory.CreateTempSubdirectory("signing-postgresql-").FullName;
    private readonly string _programs;
    private readonly string[] _settings;
    private Process? _process;

    private PostgreSqlServer(string programs, string[] settings)
    {
        _programs = programs;
        _settings = settings;
        Port = FreePort();
    }

    public int Port { get; }

    /// <summary>The folder of the server, in which a certificate may be put before it starts.</summary>
    public string DataFolder => Path.Combine(_folder, "data");

    public string ConnectionString => ConnectionStringOf(Port);

    /// <summary>The address of a database behind something that stands between, such as a relay on another port.</summary>
    public static string ConnectionStringOf(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username={User};Database=postgres;Pooling=true;Maximum Pool Size=50;Timeout=15;Include Error Detail=true");

    /// <summary>Starts a server; each setting is one of postgresql.conf, such as <c>max_connections=20</c>.</summary>
    public static async Task<PostgreSqlServer> StartAsync(params string[] settings)
    {
        PostgreSqlServer server = await MakeAsync(settings);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Makes the folder of a server without starting it.</summary>
    public static async Task<PostgreSqlServer> MakeAsync(params string[] settings)
    {
        var server = new PostgreSqlServer(FindPrograms(), settings);
        if (OwnedByRoot)
        {
            await RunAsync("chown", "postgres:postgres", server._folder);
        }

        // What the tests do to it is a crash of the server, never one of the machine.
        await server.RunAsOwnerAsync("initdb", "--pgdata", server.DataFolder, "--username", User, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync");
        return server;
    }

    /// <summary>Starts the server in its folder, be it after a crash, and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        List<string> arguments = ["-D", DataFolder, "-p", Port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
        foreach (string setting in _settings)
        {
            arguments.AddRange(["-c", setting]);
        }

        (string program, string[] all) = AsOwner(Path.Combine(_programs, "postgres"), [.. arguments]);
        var start = new ProcessStartInfo(program, all) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        List<string> said = [];
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        long began = Stopwatch.GetTimestamp();
        while (!await AnswersAsync())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(30))
            {
                throw new InvalidOperationException("PostgreSQL does not answer:\n" + string.Join('\n', said));
            }
        }

        void Keep(string? line)
        {
            lock (said)
            {
                if (said.Count < 1000)
                {
                    said.Add(line ?? "");
                }
            }
        }
    }

    /// <summary>Writes a file of the server's folder, which only the server may read.</summary>
    public async Task WriteAsync(string name, string text)
    {
        string path = Path.Combine(DataFolder, name);
        await File.WriteAllTextAsync(path, text, CancellationToken.None);
        await RunAsync("chmod", "600", path);
        if (OwnedByRoot)
        {
            await RunAsync("chown", "postgres:postgres", path);
        }
    }

    /// <summary>Kills the server and all its sessions without warning: what is unlogged is empty when it starts again.</summary>
    public async Task KillAsync()
    {
        // The sessions first: one that outlives the postmaster would keep the folder from the next one.
        await RunAsync("pkill", "--signal", "KILL", "--parent", _process!.Id.ToString(CultureInfo.InvariantCulture));
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        NpgsqlConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            // SIGINT ends the sessions and stops.
            await RunAsync("kill", "-INT", _process.Id.ToString(CultureInfo.InvariantCulture));
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool OwnedByRoot => Environment.UserName == "root";

    private static string FindPrograms() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).OrderDescending(StringComparer.Ordinal).First(bin => File.Exists(Path.Combine(bin, "initdb")))
            : throw new InvalidOperationException("There is no PostgreSQL here: apt-get install postgresql, or run tests/run.sh, which installs it.");

    // PostgreSQL refuses to run as root. setpriv becomes the server, so its id is the postmaster's.
    private static (string Program, string[] Arguments) AsOwner(string program, string[] arguments) =>
        OwnedByRoot ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", program, .. arguments]) : (program, arguments);

    private Task RunAsOwnerAsync(string program, params string[] arguments)
    {
        (string name, string[] all) = AsOwner(Path.Combine(_programs, program), arguments);
        return RunAsync(name, all);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        string error = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} exited with {process.ExitCode}: {error}{await output}");
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using NpgsqlConnection connection = new(ConnectionString + ";Pooling=false");
            await connection.OpenAsync(CancellationToken.None);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
