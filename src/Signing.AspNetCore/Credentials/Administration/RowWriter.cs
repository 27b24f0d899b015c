namespace Signing.AspNetCore;

// Reads a row, has a change decided, and stores it if the row is still what it was; a race that nobody asked to be told of is run again.
internal sealed class RowWriter(ICredentialStore store, TimeProvider time)
{
    private const int MaxTries = 16;

    // In microseconds, which every store keeps: the row that a change gives is the row that is read again.
    public DateTimeOffset Now
    {
        get
        {
            DateTimeOffset now = time.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        }
    }

    public async Task<RowResult<T>> ChangeAsync<T>(
        string id, long? version, Func<T, DateTimeOffset, ValueTask<RowDecision<T>>> decide, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        ArgumentNullException.ThrowIfNull(id);
        RowResult<T> result = await TryChangeAsync(id, version, decide, cancellationToken).ConfigureAwait(false);
        if (result.Status != ChangeStatus.Changed && store is FileCredentialStore file)
        {
            // What was read may have been changed by somebody whose change could not be written: that it is done already must last.
            await file.WrittenAsync(cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    public async Task<ChangeStatus> CreateAsync(IStoredRow[] rows, AuditEvent[] audit, CancellationToken cancellationToken) =>
        await CommitAsync(new StoreChange([.. rows.Select(row => new RowEdit(null, row))], audit), cancellationToken).ConfigureAwait(false);

    // Stored by itself, before what it tells of is done.
    public async Task NoteAsync(AuditEvent audit, CancellationToken cancellationToken) =>
        await store.CommitAsync(new StoreChange([], [audit]), cancellationToken).ConfigureAwait(false);

    public async Task<T?> GetAsync<T>(string? id, CancellationToken cancellationToken)
        where T : class, IStoredRow
        => id is null ? null : await store.GetAsync<T>(id, cancellationToken).ConfigureAwait(false);

    public async Task<List<CredentialRecord>> ListAsync(RowQuery query, CancellationToken cancellationToken)
    {
        List<CredentialRecord> rows = [];
        for (RowPage<CredentialRecord>? page = null; page is null || page.Next is not null;)
        {
            page = await store.ListAsync<CredentialRecord>(query with { After = page?.Next, Limit = RowQuery.MaxLimit }, cancellationToken).ConfigureAwait(false);
            rows.AddRange(page.Rows);
        }

        return rows;
    }

    private async Task<RowResult<T>> TryChangeAsync<T>(
        string id, long? version, Func<T, DateTimeOffset, ValueTask<RowDecision<T>>> decide, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        for (int tries = 1; ; tries++)
        {
            T? row = await store.GetAsync<T>(id, cancellationToken).ConfigureAwait(false);
            if (row is null)
            {
                return new RowResult<T>(ChangeStatus.NotFound, null);
            }

            if (version is not null && version != row.Version)
            {
                return new RowResult<T>(ChangeStatus.VersionMismatch, null);
            }

            RowDecision<T> decision = await decide(row, Now).ConfigureAwait(false);
            if (decision.Status != ChangeStatus.Changed)
            {
                return new RowResult<T>(decision.Status, decision.Row);
            }

            ChangeStatus status = await CommitAsync(new StoreChange(decision.Edits, decision.Audit), cancellationToken).ConfigureAwait(false);
            if (status == ChangeStatus.Changed)
            {
                return new RowResult<T>(status, decision.Row);
            }

            // Somebody was quicker: with this row, or with one that goes with it.
            bool isRace = status is ChangeStatus.VersionMismatch or ChangeStatus.NotFound or ChangeStatus.NotEmpty;
            if (!isRace || version is not null || tries == MaxTries)
            {
                return new RowResult<T>(status, null);
            }
        }
    }

    // A store frees the name of a credential when it settles the revocation, some minutes after its instant: whoever asks for it does not wait for that.
    private async Task<ChangeStatus> CommitAsync(StoreChange change, CancellationToken cancellationToken)
    {
        ChangeStatus status = await store.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        if (status != ChangeStatus.NameTaken)
        {
            return status;
        }

        foreach (CredentialRecord wanted in change.Edits.Select(edit => edit.Later).OfType<CredentialRecord>())
        {
            await SettleAsync(new RowQuery { WorkspaceIds = [wanted.WorkspaceId], Text = wanted.Name }, cancellationToken).ConfigureAwait(false);
        }

        return await store.CommitAsync(change, cancellationToken).ConfigureAwait(false);
    }

    private async Task SettleAsync(RowQuery query, CancellationToken cancellationToken)
    {
        DateTimeOffset now = Now;
        foreach (CredentialRecord row in await ListAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (row.Status != StoredStatus.Revoked && CredentialStates.IsRevoked(row, now))
            {
                // Whether by this or by somebody who was quicker, it is settled.
                await store.CommitAsync(new StoreChange([new RowEdit(row, CredentialRules.Settle(row, now).Credential)], []), cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
