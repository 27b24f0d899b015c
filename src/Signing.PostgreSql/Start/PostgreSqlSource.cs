using Npgsql;

namespace Signing.PostgreSql;

/// <summary>The data source of a host: closed with the container where this package has made it, and left alone where the host has.</summary>
internal sealed class PostgreSqlSource(NpgsqlDataSource source, bool isOwned) : IAsyncDisposable, IDisposable
{
    public NpgsqlDataSource Source => source;

    public void Dispose()
    {
        if (isOwned)
        {
            source.Dispose();
        }
    }

    public ValueTask DisposeAsync() => isOwned ? source.DisposeAsync() : ValueTask.CompletedTask;
}
