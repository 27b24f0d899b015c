using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>The events of the audit, which nobody changes: the table refuses it.</summary>
internal static class AuditTable
{
    /// <summary>Numbers events and appends them.</summary>
    public static async Task AppendAsync(DatabaseSession session, IReadOnlyCollection<AuditEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
        {
            return;
        }

        await AddColumns(session.Command("audit.append"), events).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes over events with the numbers that they have.</summary>
    public static async Task ImportAsync(DatabaseSession session, IEnumerable<AuditEvent[]> batches, long last, CancellationToken cancellationToken)
    {
        foreach (AuditEvent[] events in batches)
        {
            NpgsqlCommand command = session.Command("audit.import").Long("last", last).Longs("number", events.Select(entry => entry.Number));
            await AddColumns(command, events).RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lists a page and the first event behind it, the newest first.</summary>
    public static async Task<List<AuditEvent>> ListAsync(DatabaseSession session, RowQuery query, RowPlace? after, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = session.Command(query.WorkspaceIds is null ? "audit.list" : "audit.list_of_workspaces")
            .Text("text", query.Text is null ? null : StoredText.Folded(query.Text))
            .Text("application", query.ApplicationId)
            .Long("before", after?.Number)
            .Number("limit", query.Limit + 1);
        if (query.WorkspaceIds is not null)
        {
            command.Texts("workspaces", query.WorkspaceIds.Where(id => StoredText.CanBe(id)).Distinct(StringComparer.Ordinal));
        }

        List<AuditEvent> events = [];
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                events.Add(Read(new Columns(reader)));
            }
        }

        return events;
    }

    private static NpgsqlCommand AddColumns(NpgsqlCommand command, IReadOnlyCollection<AuditEvent> events) => command
        .Instants("at", events.Select(entry => (DateTimeOffset?)entry.At))
        .Texts("actor", events.Select(entry => StoredText.Kept(entry.Actor)))
        .Texts("action", events.Select(entry => StoredText.Kept(entry.Action)))
        .Texts("target", events.Select(entry => StoredText.Kept(entry.Target)))
        .Texts("workspace_id", events.Select(entry => StoredText.Kept(entry.WorkspaceId)))
        .Texts("other_workspace_id", events.Select(entry => StoredText.KeptOrNull(entry.OtherWorkspaceId)))
        .Texts("address", events.Select(entry => StoredText.KeptOrNull(entry.Address)))
        .Texts("outcome", events.Select(entry => StoredText.Kept(entry.Outcome)))
        .Texts("search", events.Select(entry => StoredText.Search(entry.Actor, entry.Action, entry.Target)));

    private static AuditEvent Read(Columns columns) => new()
    {
        Number = columns.Long(),
        At = columns.Instant(),
        Actor = columns.Text(),
        Action = columns.Text(),
        Target = columns.Text(),
        WorkspaceId = columns.Text(),
        OtherWorkspaceId = columns.TextOrNull(),
        Address = columns.TextOrNull(),
        Outcome = columns.Text(),
    };
}
