using Npgsql;

namespace Signing.PostgreSql;

/// <summary>Runs commands, each once.</summary>
internal static class CommandRuns
{
    public static async Task<int> RunAsync(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        using (command)
        {
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs commands in one round trip, one after another.</summary>
    public static async Task RunAsync(this DatabaseSession session, IEnumerable<NpgsqlCommand> commands, int timeoutSeconds, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch(session.Connection, session.Transaction) { Timeout = timeoutSeconds };
        await using (batch.ConfigureAwait(false))
        {
            foreach (NpgsqlCommand command in commands)
            {
                using (command)
                {
                    // A parameter belongs to one command at a time.
                    NpgsqlParameter[] parameters = command.Parameters.ToArray();
                    command.Parameters.Clear();
                    var part = new NpgsqlBatchCommand(command.CommandText);
                    part.Parameters.AddRange(parameters);
                    batch.BatchCommands.Add(part);
                }
            }

            await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks questions that are answered by yes or no.</summary>
    public static async Task<bool[]> AskAsync(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        using (command)
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetBoolean)];
            }
        }
    }
}
