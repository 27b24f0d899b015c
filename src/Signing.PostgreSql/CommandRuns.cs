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
