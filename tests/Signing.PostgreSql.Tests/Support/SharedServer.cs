using System.Globalization;
using Npgsql;
using Signing.PostgreSql.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Signing.PostgreSql.Tests.Support;

/// <summary>The server that most tests share, each in a schema of its own; who kills or restarts one starts their own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private static int _schemas;
    private PostgreSqlServer? _server;

    /// <summary>Gets the server of this run, for what is no test.</summary>
    public static SharedServer Current { get; private set; } = null!;

    public NpgsqlDataSource Source { get; private set; } = null!;

    public string ConnectionString => _server!.ConnectionString;

    public int Port => _server!.Port;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgreSqlServer.StartAsync("max_connections=200", "fsync=off");
        Source = NpgsqlDataSource.Create(_server.ConnectionString);
        Current = this;
    }

    /// <summary>Names a schema that nobody else uses.</summary>
    public static string NewSchema() => "t" + Interlocked.Increment(ref _schemas).ToString(CultureInfo.InvariantCulture);

    /// <summary>Makes the tables in a schema that nobody else uses.</summary>
    public async Task<string> MakeSchemaAsync()
    {
        string schema = NewSchema();
        await PostgreSqlMigrations.ApplyAsync(Source, schema, TestContext.Current.CancellationToken);
        return schema;
    }

    /// <summary>Waits until another session waits for what a session holds.</summary>
    public async Task WaitForWaiterAsync(int session, Task waiting)
    {
        await using NpgsqlCommand command = Source.CreateCommand(
            string.Create(CultureInfo.InvariantCulture, $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE {session} = ANY (pg_blocking_pids(pid)))"));
        while (!(bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!)
        {
            Assert.False(waiting.IsCompleted, "Nothing is waited for.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await Source.DisposeAsync();
            await _server.DisposeAsync();
        }
    }
}
