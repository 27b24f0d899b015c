using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>A table of the credential store: its rows as records, and what must hold of them after a change.</summary>
internal abstract class RowTable(string name)
{
    /// <summary>Locks rows that others than the one writer of rows may change, in the order of their ids.</summary>
    public virtual Task LockAsync(DatabaseSession session, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<List<IStoredRow>> GetAsync(DatabaseSession session, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = session.Command(name + ".get").Texts("ids", ids.Where(id => StoredText.CanBe(id)));
        return await ReadAsync(command, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lists a page and the first row behind it, the newest first.</summary>
    public async Task<List<IStoredRow>> ListAsync(DatabaseSession session, RowQuery query, RowPlace? after, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = session.Command(name + ".list")
            .Texts("workspaces", query.WorkspaceIds?.Where(id => StoredText.CanBe(id)))
            .Text("text", query.Text is null ? null : StoredText.Folded(query.Text))
            .Instant("after_at", after is { } place ? new DateTimeOffset(place.Number, TimeSpan.Zero) : null)
            .Text("after_id", after?.Id)
            .Number("limit", query.Limit + 1);
        AddFilters(command, query);
        return await ReadAsync(command, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Inserts a row, or puts it in the place of the stored one.</summary>
    public async Task WriteAsync(DatabaseSession session, IStoredRow row, CancellationToken cancellationToken)
    {
        foreach (NpgsqlCommand command in WritesOf(session, row))
        {
            await command.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes the commands that write a row, in their order.</summary>
    public virtual IEnumerable<NpgsqlCommand> WritesOf(DatabaseSession session, IStoredRow row)
    {
        NpgsqlCommand command = session.Command(name + ".write");
        AddColumns(command, row);
        return [command];
    }

    public Task DeleteAsync(DatabaseSession session, string id, CancellationToken cancellationToken) =>
        session.Command(name + ".delete").Text("id", id).RunAsync(cancellationToken);

    /// <summary>Says whether a row may stay as the transaction has written it.</summary>
    public abstract Task<ChangeStatus> CheckStoredAsync(DatabaseSession session, IStoredRow row, IStoredRow? earlier, CancellationToken cancellationToken);

    /// <summary>Says whether a row may stay away as the transaction has deleted it: a row that others refer to goes last.</summary>
    public virtual async Task<ChangeStatus> CheckDeletedAsync(DatabaseSession session, string id, CancellationToken cancellationToken)
    {
        bool[] isReferredTo = await session.Command(name + ".is_referred_to").Text("id", id).AskAsync(cancellationToken).ConfigureAwait(false);
        return isReferredTo[0] ? ChangeStatus.NotEmpty : ChangeStatus.Changed;
    }

    /// <summary>When a row was created: what lists are ordered by.</summary>
    public abstract DateTimeOffset CreatedOf(IStoredRow row);

    protected abstract IStoredRow Read(Columns columns);

    protected abstract void AddColumns(NpgsqlCommand command, IStoredRow row);

    protected virtual void AddFilters(NpgsqlCommand command, RowQuery query)
    {
    }

    protected virtual async Task<List<IStoredRow>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        List<IStoredRow> rows = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(Read(new Columns(reader)));
        }

        return rows;
    }

    private async Task<List<IStoredRow>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        using (command)
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await ReadAsync(reader, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
