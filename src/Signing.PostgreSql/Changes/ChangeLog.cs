using Npgsql;
using NpgsqlTypes;

namespace Signing.PostgreSql;

/// <summary>Writes down, in the transaction of a change, what every node is to be told when it is committed.</summary>
internal sealed class ChangeLog(Database database)
{
    public string Channel => database.Options.Schema + "_change";

    /// <summary>Takes the one lock of all who change anything that nodes keep in memory; whoever has it reads what the one before has committed.</summary>
    public async Task LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = database.Command("changes.lock", connection, transaction);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds notes to the transaction.</summary>
    /// <returns>The number of the change.</returns>
    public async Task<long> AppendAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<ChangeNote> notes, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = database.Command("changes.append", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<short[]>("kinds", NpgsqlDbType.Array | NpgsqlDbType.Smallint) { TypedValue = [.. notes.Select(note => (short)note.Kind)] });
        command.Parameters.Add(new NpgsqlParameter<string[]>("subjects", NpgsqlDbType.Array | NpgsqlDbType.Text) { TypedValue = [.. notes.Select(note => note.Subject)] });
        command.Parameters.Add(new NpgsqlParameter<string>("channel", NpgsqlDbType.Text) { TypedValue = Channel });
        return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }
}
