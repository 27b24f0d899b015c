using Npgsql;

namespace Signing.PostgreSql.Tests.Changes;

/// <summary>Writes changes as a store of another node does, and as nobody should.</summary>
internal sealed class ChangeWriter(NpgsqlDataSource source, string schema)
{
    private readonly Database _database = new(source, new PostgreSqlOptions { Schema = schema });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<long> WriteAsync(params ChangeNote[] notes)
    {
        await using NpgsqlConnection connection = await _database.OpenAsync(Cancellation);
        await using NpgsqlTransaction transaction = await Database.BeginAsync(connection, Cancellation);
        var session = new DatabaseSession(_database, connection, transaction);
        await ChangeLog.LockAsync(session, Cancellation);
        long number = await ChangeLog.AppendAsync(session, notes, Cancellation);
        await transaction.CommitAsync(Cancellation);
        return number;
    }

    /// <summary>Writes a change of which no notification tells.</summary>
    public Task WriteSilentlyAsync(string subject, ChangeKind kind = ChangeKind.Credential) => RunAsync(
        $"""
        UPDATE {schema}.change_head SET number = number + 1;
        INSERT INTO {schema}.change (number, part, at, kind, subject) SELECT number, 1, clock_timestamp(), {(short)kind}, '{subject}' FROM {schema}.change_head;
        """);

    public async Task RunAsync(string text)
    {
        await using NpgsqlCommand command = source.CreateCommand(text);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async Task<long> CountAsync(string text)
    {
        await using NpgsqlCommand command = source.CreateCommand(text);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
