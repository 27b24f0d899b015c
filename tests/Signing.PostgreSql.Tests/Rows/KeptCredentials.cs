using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql;
using Signing.PostgreSql.Tests.Credentials;
using Signing.PostgreSql.Tests.Support;

namespace Signing.Tests.Support;

/// <summary>The store of a test: a schema of its own.</summary>
internal sealed class KeptCredentials(SecretSeal seal, ManualTimeProvider clock) : IDisposable
{
    private readonly string _schema = SharedServer.NewSchema();
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(SharedServer.Current.ConnectionString);
    private CredentialNode? _node;

    public ICredentialStore Store => (_node ??= new CredentialNode(_source, _schema, seal, clock)).Store;

    /// <summary>Makes the tables, if they are not there.</summary>
    public Task MakeAsync() => PostgreSqlMigrations.ApplyAsync(_source, _schema, TestContext.Current.CancellationToken);

    /// <summary>Has the store fail from now on.</summary>
    public void Break()
    {
        _node!.IsFresh = false;
        _source.Dispose();
    }

    /// <summary>Reads all that is kept, as it is kept.</summary>
    public async Task<IReadOnlyList<byte[]>> ReadAsync(CancellationToken cancellationToken)
    {
        List<string> tables = [];
        await using (NpgsqlCommand command = _source.CreateCommand($"SELECT tablename FROM pg_tables WHERE schemaname = '{_schema}'"))
        await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                tables.Add(reader.GetString(0));
            }
        }

        Assert.Contains("credential_secret", tables);
        List<byte[]> all = [];
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        foreach (string table in tables)
        {
            await using NpgsqlRawCopyStream copy = await connection.BeginRawBinaryCopyAsync($"COPY (SELECT * FROM {_schema}.{table}) TO STDOUT (FORMAT BINARY)", cancellationToken);
            using var bytes = new MemoryStream();
            await copy.CopyToAsync(bytes, cancellationToken);
            all.Add(bytes.ToArray());
        }

        return all;
    }

    public void Dispose() => _source.Dispose();
}
