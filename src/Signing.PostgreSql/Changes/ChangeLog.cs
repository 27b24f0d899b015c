using Npgsql;

namespace Signing.PostgreSql;

/// <summary>Writes down, in the transaction of a change, what every node is to be told when it is committed.</summary>
internal static class ChangeLog
{
    public static string ChannelOf(Database database) => database.Options.Schema + "_change";

    /// <summary>Takes the one lock of all who change anything that nodes keep in memory; whoever has it reads what the one before has committed.</summary>
    public static Task LockAsync(DatabaseSession session, CancellationToken cancellationToken) => session.Command("changes.lock").RunAsync(cancellationToken);

    /// <summary>Adds notes to the transaction.</summary>
    /// <returns>The number of the change.</returns>
    public static async Task<long> AppendAsync(DatabaseSession session, IReadOnlyList<ChangeNote> notes, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = session.Command("changes.append")
            .Smalls("kinds", notes.Select(note => (int)note.Kind))
            .Texts("subjects", notes.Select(note => note.Subject))
            .Text("channel", ChannelOf(session.Database));
        return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }
}
