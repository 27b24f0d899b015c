using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Cluster;

/// <summary>What happens, in its order.</summary>
internal static class Story
{
    private const int Nodes = 3;
    private const int Callers = 8;
    private const int Seconds = 5;

    // The slowest way that a node hears of a revocation is to ask, each half a second.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    public static async Task<int> TellAsync(string? connection, CancellationToken cancellationToken)
    {
        if (connection is not null)
        {
            return await WithServerAsync(connection, "cluster_" + RandomNumberGenerator.GetHexString(8, lowercase: true), cancellationToken);
        }

        if (LocalPostgreSql.FindPrograms() is not { } programs)
        {
            await Console.Error.WriteLineAsync("""
                There is no PostgreSQL here, neither on the PATH nor in /usr/lib/postgresql. Install it:

                  apt-get install postgresql      Debian, Ubuntu
                  brew install postgresql         macOS

                or name a server, in which a schema is made and dropped again; PGPASSWORD may hold its password:

                  dotnet run --project samples/Cluster -- --connection "Host=…;Database=…;Username=…"
                """);
            return 1;
        }

        await using LocalPostgreSql server = await LocalPostgreSql.StartAsync(programs, cancellationToken);
        Console.WriteLine($"PostgreSQL  a server of this program's own, by {programs}");
        return await WithNodesAsync(server.ConnectionString, "signing", cancellationToken);
    }

    private static async Task<int> WithServerAsync(string connection, string schema, CancellationToken cancellationToken)
    {
        NpgsqlDataSource source;
        try
        {
            source = NpgsqlDataSource.Create(connection);
            await using NpgsqlCommand version = source.CreateCommand("SHOW server_version");
            Console.WriteLine($"PostgreSQL  yours, {await version.ExecuteScalarAsync(cancellationToken)}; schema {schema}, dropped at the end");
        }
        catch (Exception exception) when (exception is ArgumentException or NpgsqlException or SocketException)
        {
            await Console.Error.WriteLineAsync($"PostgreSQL cannot be reached by that connection string, or does not let you in: {exception.Message}");
            return 1;
        }

        await using (source)
        {
            try
            {
                return await WithNodesAsync(connection, schema, cancellationToken);
            }
            finally
            {
                await using NpgsqlCommand drop = source.CreateCommand($"DROP SCHEMA IF EXISTS {schema} CASCADE");
                await drop.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    // All at once, as after a deployment: one of them makes the tables and the keys, and the others wait for it.
    private static async Task<int> WithNodesAsync(string connection, string schema, CancellationToken cancellationToken)
    {
        string program = typeof(Story).Assembly.Location;
        Dictionary<string, string> settings = new()
        {
            ["ConnectionStrings__Signing"] = connection,
            ["PostgreSql__Schema"] = schema,

            // Usually a second, but this machine runs everything and may be busy with something else.
            ["PostgreSql__Claims__Timeout"] = "00:00:10",
        };
        Task<NodeProcess>[] starting = [.. Enumerable.Range(0, Nodes).Select(_ => NodeProcess.StartAsync(program, settings, cancellationToken))];
        try
        {
            NodeProcess[] nodes = await Task.WhenAll(starting);
            foreach ((int index, NodeProcess node) in nodes.Index())
            {
                Console.WriteLine($"Node {index + 1}      {node.Address.GetLeftPart(UriPartial.Authority)}, process {node.Id}");
            }

            return await RunAsync([.. nodes.Select(node => node.Address)], cancellationToken);
        }
        finally
        {
            await Task.WhenAll(starting.Where(node => node.IsCompletedSuccessfully).Select(async node => await (await node).DisposeAsync()));
        }
    }

    private static async Task<int> RunAsync(Uri[] nodes, CancellationToken cancellationToken)
    {
        using Operator operate = await Operator.SignInAsync(nodes[0], cancellationToken);
        CreatedKey key = await operate.CreateKeyAsync("The shop's key", cancellationToken);
        Console.WriteLine($"Key         {key.Key}, created on node 1");
        TimeSpan waited = await Load.WarmUpAsync(key, nodes, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            Replays     the first request was accepted after {waited.TotalSeconds:0} s: what may have been signed before there
                        was a table to remember it is refused, and a client that is told so waits and signs anew

            {Callers} callers for {Seconds} s. Every tenth request is copied on its way, and reaches all {Nodes} nodes at once.
            Every second a key is created on node 1, used on all nodes, and revoked on node 1.

                      requests so far                 revoked key refused after
              second  accepted  replayed  other {string.Concat(Enumerable.Range(1, Nodes).Select(node => $"     node {node}"))}
            """));

        var balancer = new Balancer(nodes);
        using var load = new Load(balancer, key);
        Task loading = load.RunAsync(Callers, cancellationToken);
        List<TimeSpan> lags = [];
        for (int second = 1; second <= Seconds && !loading.IsCompleted; second++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            CreatedKey victim = await operate.CreateKeyAsync($"To be revoked in second {second}", cancellationToken);
            TimeSpan[] reached = await Revocation.MeasureAsync(operate, victim, nodes, cancellationToken);
            lags.AddRange(reached);
            (int accepted, int replayed, int later, int other) = balancer.Answers;
            Console.WriteLine($"  {second,6}  {accepted,8}  {replayed,8}  {later + other,5} {string.Concat(reached.Select(Milliseconds))}");
        }

        load.End();
        await loading;
        return Conclude(load, balancer, lags);
    }

    private static int Conclude(Load load, Balancer balancer, List<TimeSpan> lags)
    {
        (int accepted, int replayed, int later, int other) = balancer.Answers;
        (string Sentence, bool IsTrue)[] expectations =
        [
            ($"each of {load.Requests} requests was accepted once", accepted == load.Requests && accepted > 0),
            ($"each of {load.Copies * (Nodes - 1)} copies was refused as replayed", replayed == load.Copies * (Nodes - 1) && replayed > 0),
            ("no node answered anything else", later + other == 0),
            ($"each of {lags.Count / Nodes} revoked keys was dead on every node within a second", lags.Count == Seconds * Nodes && lags.Max() < Bound),
        ];

        Console.WriteLine();
        foreach ((string sentence, bool isTrue) in expectations)
        {
            Console.WriteLine($"{(isTrue ? "ok    " : "FAILED")}  {sentence}");
        }

        int met = expectations.Count(expectation => expectation.IsTrue);
        Console.WriteLine($"\nCluster: {met} of {expectations.Length} as expected");
        return met == expectations.Length ? 0 : 1;
    }

    private static string Milliseconds(TimeSpan lag) => string.Create(CultureInfo.InvariantCulture, $"{lag.TotalMilliseconds,8:0.0} ms");
}
