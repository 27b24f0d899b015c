using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Signing.PostgreSql;
using Signing.PostgreSql.Tests.Support;

namespace Signing.Tests.Management;

/// <summary>Where the host of a test keeps its credentials: in a schema of its own.</summary>
internal sealed class ManagementStore : IDisposable
{
    private readonly string _schema = SharedServer.NewSchema();

    /// <summary>Whether what is due is tidied while the clock is moved, and not behind it.</summary>
    public static bool TidiesAtOnce => false;

    public void AddTo(IServiceCollection services) => services.AddSigningPostgreSql(SharedServer.Current.Source, PostgreSqlParts.Credentials, options =>
    {
        options.Schema = _schema;
        options.Prefix = "acme";
        options.AllowUnprotectedKeyRing = true;
    });

    /// <summary>Has every statement fail from now on.</summary>
    public Task BreakAsync() => RunAsync($"ALTER SCHEMA {_schema} RENAME TO {_schema}_away");

    public Task MendAsync() => RunAsync($"ALTER SCHEMA {_schema}_away RENAME TO {_schema}");

    public void Dispose()
    {
        // The schema goes with the server.
    }

    private static async Task RunAsync(string statement)
    {
        await using NpgsqlCommand command = SharedServer.Current.Source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
