// Three API nodes on one PostgreSQL, a load on them, somebody who copies requests, and keys that are revoked on one node:
//   dotnet run --project samples/Cluster                             with a PostgreSQL server of its own
//   dotnet run --project samples/Cluster -- --connection "Host=…"    with yours, in a schema that is dropped at the end
//   dotnet run --project samples/Cluster -- migrations               prints the SQL of the tables, for a database administrator
using System.Runtime.InteropServices;
using Cluster;
using Npgsql;
using Signing.PostgreSql;

switch (args)
{
    case ["node", .. var settings]:
        return await Node.RunAsync(settings);
    case ["migrations"]:
        Console.WriteLine(PostgreSqlMigrations.Script());
        return 0;
    case [] or ["--connection", _]:
        break;
    default:
        await Console.Error.WriteLineAsync("Usage: Cluster [--connection CONNECTION-STRING] | migrations");
        return 2;
}

// Ctrl+C, a closed terminal, the SIGTERM of whoever runs this: everything that was started is stopped before this program ends.
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
try
{
    return await Story.TellAsync(args.ElementAtOrDefault(1), stop.Token);
}
catch (Exception) when (stop.IsCancellationRequested)
{
    // A terminal sends Ctrl+C to the nodes and to PostgreSQL too, so whatever was going on may fail before the cancellation is heard of.
    Console.WriteLine("\nStopped.");
    return 1;
}
catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or NpgsqlException)
{
    await Console.Error.WriteLineAsync($"\nCluster: {exception.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
