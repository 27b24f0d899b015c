using System.Buffers.Binary;
using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using Signing.AspNetCore;

namespace Signing.Benchmarks.Claims;

/// <summary>The usual way, at its fastest: each request inserts a row of its own, by a prepared statement on a connection that is kept.</summary>
/// <remarks>Nothing here keeps a crash, or a slot that is emptied meanwhile, from granting a signature twice.</remarks>
internal sealed class SingleRowStore(NpgsqlDataSource source, string schema, long width, int connections) : IReplayStore, IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(connections);
    private readonly ConcurrentStack<NpgsqlCommand> _commands = new();

    /// <summary>Makes an empty table: as those of the other store, but without partitions to choose from.</summary>
    public async Task MakeTableAsync()
    {
        await using NpgsqlCommand command = source.CreateCommand(
            $"DROP TABLE IF EXISTS {schema}.single_row; "
            + $"CREATE UNLOGGED TABLE {schema}.single_row (slot smallint NOT NULL, fingerprint uuid NOT NULL, PRIMARY KEY (slot, fingerprint)) WITH (autovacuum_enabled = false)");
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            NpgsqlCommand command = _commands.TryPop(out NpgsqlCommand? idle) ? idle : await PrepareAsync(cancellationToken);
            ((NpgsqlParameter<short>)command.Parameters[0]).TypedValue = (short)(created.ToUnixTimeSeconds() / width % 32);
            ((NpgsqlParameter<Guid>)command.Parameters[1]).TypedValue = ToGuid(fingerprint);
            int inserted = await command.ExecuteNonQueryAsync(cancellationToken);
            _commands.Push(command);
            return inserted == 1 ? ReplayClaim.Claimed : ReplayClaim.AlreadyClaimed;
        }
        finally
        {
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NpgsqlCommand command in _commands)
        {
            await command.Connection!.DisposeAsync();
            await command.DisposeAsync();
        }

        _free.Dispose();
    }

    private async Task<NpgsqlCommand> PrepareAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        var command = new NpgsqlCommand($"INSERT INTO {schema}.single_row (slot, fingerprint) VALUES ($1, $2) ON CONFLICT DO NOTHING", connection);
        command.Parameters.Add(new NpgsqlParameter<short> { NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.Add(new NpgsqlParameter<Guid> { NpgsqlDbType = NpgsqlDbType.Uuid });
        await command.PrepareAsync(cancellationToken);
        return command;
    }

    private static Guid ToGuid(UInt128 fingerprint)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, fingerprint);
        return new Guid(bytes, bigEndian: true);
    }
}
