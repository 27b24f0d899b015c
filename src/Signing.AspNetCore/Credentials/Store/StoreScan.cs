using System.Runtime.CompilerServices;

namespace Signing.AspNetCore;

// What a store answers that has no better way than to look at every row: right where the rows are in memory.
internal static class StoreScan
{
    public static async ValueTask<IReadOnlyList<T>> GetAsync<T>(ICredentialStore store, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        List<T> rows = [];
        foreach (string id in ids)
        {
            if (await store.GetAsync<T>(id, cancellationToken).ConfigureAwait(false) is { } row)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    public static async ValueTask<IReadOnlyDictionary<string, CredentialTally>> TallyAsync<T>(ICredentialStore store, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        Dictionary<string, CredentialTally> tallies = new(StringComparer.Ordinal);
        foreach (string id in ids)
        {
            tallies[id] = typeof(T) == typeof(WorkspaceRecord)
                ? new CredentialTally(await CountApplicationsAsync(store, new RowQuery { WorkspaceIds = [id] }, cancellationToken).ConfigureAwait(false), null)
                : await TallyAsync(store, BelongingTo<T>(id), cancellationToken).ConfigureAwait(false);
        }

        return tallies;
    }

    public static async ValueTask<CredentialOverview> OverviewAsync(
        ICredentialStore store, IReadOnlyCollection<string>? workspaceIds, DateTimeOffset now, int shown, CancellationToken cancellationToken)
    {
        var query = new RowQuery { WorkspaceIds = workspaceIds };
        Dictionary<CredentialState, int> counts = [];
        Dictionary<string, TimeSpan> rotationAges = new(StringComparer.Ordinal);
        (List<CredentialRecord> expiring, List<CredentialRecord> overdue) = ([], []);
        await foreach (WorkspaceRecord workspace in AllAsync<WorkspaceRecord>(store, query, cancellationToken).ConfigureAwait(false))
        {
            rotationAges[workspace.Id] = workspace.RotationAge;
        }

        await foreach (CredentialRecord row in AllAsync<CredentialRecord>(store, query, cancellationToken).ConfigureAwait(false))
        {
            CredentialState state = CredentialStates.Of(row, now);
            counts[state] = counts.GetValueOrDefault(state) + 1;
            if (state == CredentialState.ExpiringSoon)
            {
                expiring.Add(row);
            }

            if (KeyHealthRules.Of(row, rotationAges.GetValueOrDefault(row.WorkspaceId, TimeSpan.MaxValue), now).HasFlag(KeyHealth.Overdue))
            {
                overdue.Add(row);
            }
        }

        return new CredentialOverview
        {
            Counts = counts,
            Applications = await CountApplicationsAsync(store, query, cancellationToken).ConfigureAwait(false),
            Expiring = [.. expiring.OrderBy(CredentialStates.EndOf).Take(shown)],
            Overdue = [.. overdue.OrderBy(row => row.Current?.Created).Take(shown)],
        };
    }

    private static async ValueTask<CredentialTally> TallyAsync(ICredentialStore store, RowQuery query, CancellationToken cancellationToken)
    {
        (int count, LastUse? last) = (0, null);
        await foreach (CredentialRecord credential in AllAsync<CredentialRecord>(store, query, cancellationToken).ConfigureAwait(false))
        {
            count++;
            last = last is null || credential.LastUsed?.At > last.Value.At ? credential.LastUsed ?? last : last;
        }

        return new CredentialTally(count, last);
    }

    private static async ValueTask<int> CountApplicationsAsync(ICredentialStore store, RowQuery query, CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (ApplicationRecord _ in AllAsync<ApplicationRecord>(store, query, cancellationToken).ConfigureAwait(false))
        {
            count++;
        }

        return count;
    }

    private static RowQuery BelongingTo<T>(string id)
    {
        if (typeof(T) == typeof(ApplicationRecord))
        {
            return new RowQuery { ApplicationId = id };
        }

        return typeof(T) == typeof(CredentialRecord) ? new RowQuery { ParentId = id } : throw new ArgumentException("Applications belong to workspaces, and credentials to applications and to KeyPairs.", nameof(id));
    }

    private static async IAsyncEnumerable<T> AllAsync<T>(ICredentialStore store, RowQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        for (RowPage<T>? page = null; page is null || page.Next is not null;)
        {
            page = await store.ListAsync<T>(query with { After = page?.Next, Limit = RowQuery.MaxLimit }, cancellationToken).ConfigureAwait(false);
            foreach (T row in page.Rows)
            {
                yield return row;
            }
        }
    }
}
