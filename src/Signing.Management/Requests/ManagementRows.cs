using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>The rows of the store as far as the user of a request may see them; what they may not see is not there.</summary>
internal sealed class ManagementRows(ICredentialStore store, WorkspaceScope scope, CancellationToken cancellationToken)
{
    // A list names the same few workspaces and applications again and again.
    private readonly Dictionary<string, IStoredRow?> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CredentialTally> _tallies = new(StringComparer.Ordinal);

    public WorkspaceScope Scope => scope;

    public async ValueTask<T?> FindAsync<T>(string id)
        where T : class, IStoredRow
        => await store.GetAsync<T>(id, cancellationToken).ConfigureAwait(false) is { } row && scope.Sees(row) ? row : null;

    /// <summary>Finds a row that another one refers to; the answer holds for the whole request.</summary>
    public async ValueTask<T?> ReferredAsync<T>(string? id)
        where T : class, IStoredRow
    {
        if (id is null)
        {
            return null;
        }

        if (!_seen.TryGetValue(id, out IStoredRow? row))
        {
            row = await FindAsync<T>(id).ConfigureAwait(false);
            _seen.Add(id, row);
        }

        return row as T;
    }

    /// <summary>Counts what belongs to a workspace, an application or a KeyPair; the answer holds for the whole request.</summary>
    public async ValueTask<CredentialTally> TallyAsync<T>(string id)
        where T : class, IStoredRow
    {
        if (!_tallies.ContainsKey(id))
        {
            await TallyAsync<T>([id]).ConfigureAwait(false);
        }

        return _tallies[id];
    }

    /// <summary>Reads at once what the answers to rows tell beside them, however many rows there are.</summary>
    public async ValueTask PrepareAsync<T>(IReadOnlyCollection<T> rows)
    {
        ApplicationRecord[] applications = [.. rows.OfType<ApplicationRecord>()];
        CredentialRecord[] credentials = [.. rows.OfType<CredentialRecord>()];
        SharingKeyRecord[] sharingKeys = [.. rows.OfType<SharingKeyRecord>()];
        string[] targets = [.. rows.OfType<AuditEvent>().Select(entry => entry.Target)];
        await ReferAsync<WorkspaceRecord>(
            applications.Select(row => row.WorkspaceId).Concat(credentials.Select(row => row.WorkspaceId)).Concat(sharingKeys.Select(row => row.GrantorWorkspaceId))
                .Concat(sharingKeys.Select(row => row.GranteeWorkspaceId)).Concat(OfKind(targets, "ws"))).ConfigureAwait(false);
        await ReferAsync<ApplicationRecord>(credentials.Select(row => row.ApplicationId).Concat(sharingKeys.Select(row => row.GranteeApplicationId)).Concat(OfKind(targets, "app"))).ConfigureAwait(false);
        await ReferAsync<CredentialRecord>(credentials.Select(row => row.ParentId).Concat(OfKind(targets, "crd"))).ConfigureAwait(false);
        await ReferAsync<SharingKeyRecord>(OfKind(targets, "shk")).ConfigureAwait(false);
        await TallyAsync<WorkspaceRecord>([.. rows.OfType<WorkspaceRecord>().Select(row => row.Id)]).ConfigureAwait(false);
        await TallyAsync<ApplicationRecord>([.. applications.Select(row => row.Id)]).ConfigureAwait(false);
        await TallyAsync<CredentialRecord>([.. credentials.Where(row => row.Kind == CredentialKind.KeyPair).Select(row => row.Id)]).ConfigureAwait(false);
    }

    public ValueTask<CredentialOverview> OverviewAsync(IReadOnlyCollection<string>? workspaceIds, DateTimeOffset now, int shown) =>
        store.OverviewAsync(workspaceIds ?? scope.Ids, now, shown, cancellationToken);

    public ValueTask<RowPage<T>> ListAsync<T>(RowQuery query)
        where T : class, IStoredRow
        => store.ListAsync<T>(Within(query), cancellationToken);

    public ValueTask<RowPage<AuditEvent>> ListAuditAsync(RowQuery query) => store.ListAuditAsync(Within(query), cancellationToken);

    /// <summary>Gets a page of the rows that a condition holds for; the next one begins behind its last row.</summary>
    public async ValueTask<RowPage<T>> ListAsync<T>(RowQuery query, Func<T, ValueTask<bool>> isWanted)
        where T : class, IStoredRow
    {
        List<T> wanted = [];
        string? next = query.After;
        do
        {
            string? start = next;
            RowPage<T> page = await ListAsync<T>(query with { After = start, Limit = RowQuery.MaxLimit }).ConfigureAwait(false);
            (int read, int room) = (0, query.Limit - wanted.Count);
            while (read < page.Rows.Count && room > 0)
            {
                if (await isWanted(page.Rows[read++]).ConfigureAwait(false))
                {
                    wanted.Add(page.Rows[read - 1]);
                    room--;
                }
            }

            // Only the store can say where a row stands: a page that ends with it is asked for once more.
            next = read < page.Rows.Count ? (await ListAsync<T>(query with { After = start, Limit = read }).ConfigureAwait(false)).Next : page.Next;
        }
        while (next is not null && wanted.Count < query.Limit);

        return new RowPage<T>(wanted, next);
    }

    /// <summary>Gets every row of a query, page by page.</summary>
    public async IAsyncEnumerable<T> AllAsync<T>(RowQuery query)
        where T : class, IStoredRow
    {
        string? next = null;
        do
        {
            RowPage<T> page = await ListAsync<T>(query with { After = next, Limit = RowQuery.MaxLimit }).ConfigureAwait(false);
            foreach (T row in page.Rows)
            {
                yield return row;
            }

            next = page.Next;
        }
        while (next is not null);
    }

    private static IEnumerable<string> OfKind(IEnumerable<string> targets, string kind) => targets.Where(target => target.Split('_')[0] == kind);

    private async ValueTask ReferAsync<T>(IEnumerable<string?> ids)
        where T : class, IStoredRow
    {
        string[] unknown = [.. ids.OfType<string>().Where(id => !_seen.ContainsKey(id)).Distinct(StringComparer.Ordinal)];
        if (unknown.Length == 0)
        {
            return;
        }

        foreach (string id in unknown)
        {
            _seen[id] = null;
        }

        foreach (T row in await store.GetAsync<T>(unknown, cancellationToken).ConfigureAwait(false))
        {
            _seen[row.Id] = scope.Sees(row) ? row : null;
        }
    }

    private async ValueTask TallyAsync<T>(IReadOnlyCollection<string> ids)
        where T : class, IStoredRow
    {
        string[] unknown = [.. ids.Where(id => !_tallies.ContainsKey(id))];
        if (unknown.Length == 0)
        {
            return;
        }

        foreach ((string id, CredentialTally tally) in await store.TallyAsync<T>(unknown, cancellationToken).ConfigureAwait(false))
        {
            _tallies[id] = tally;
        }
    }

    private RowQuery Within(RowQuery query) => query.WorkspaceIds is null ? query with { WorkspaceIds = scope.Ids } : query;
}
