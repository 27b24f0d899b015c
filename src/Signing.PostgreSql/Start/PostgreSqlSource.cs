using Npgsql;

namespace Signing.PostgreSql;

/// <summary>The data source of a host: closed with the container where this package has made it, and left alone where the host has.</summary>
internal sealed class PostgreSqlSource(NpgsqlDataSource source, bool isOwned) : IAsyncDisposable, IDisposable
{
    /// <summary>Where to ask; of several servers, the one that may be written to: a standby does not know of the latest revocation, nor that it does not.</summary>
    public NpgsqlDataSource Source { get; } = source is NpgsqlMultiHostDataSource servers ? servers.WithTargetSession(TargetSessionAttributes.ReadWrite) : source;

    public void Dispose()
    {
        if (isOwned)
        {
            source.Dispose();
        }
    }

    public ValueTask DisposeAsync() => isOwned ? source.DisposeAsync() : ValueTask.CompletedTask;
}
