using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>The rows of the store as far as the user of a request may see them; what they may not see is not there.</summary>
internal sealed class ManagementRows(ICredentialStore store, WorkspaceScope scope, CancellationToken cancellationToken)
{
    // A list names the same few workspaces and applications again and again.
    private readonly Dictionary<string, IStoredRow?> _seen = new(StringComparer.Ordinal);

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

    private RowQuery Within(RowQuery query) => query.WorkspaceIds is null ? query with { WorkspaceIds = scope.Ids } : query;
}
