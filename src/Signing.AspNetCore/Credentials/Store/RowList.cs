namespace Signing.AspNetCore;

// Lists what is in memory, the newest first. A page begins behind the last row of the one before: rows that come or go
// meanwhile move none of the others.
internal static class RowList
{
    public static RowPage<T> Of<T>(IEnumerable<T> rows, RowQuery query)
        where T : class, IStoredRow
    {
        RowPlace? after = RowPlace.Of(query);
        IEnumerable<T> wanted = from row in rows
                                where Matches(row, query)
                                let created = CreatedOf(row).UtcTicks
                                where after is not { } place || created < place.Number || (created == place.Number && string.CompareOrdinal(row.Id, place.Id) < 0)
                                select row;
        return Page([.. wanted.OrderByDescending(row => CreatedOf(row).UtcTicks).ThenByDescending(row => row.Id, StringComparer.Ordinal).Take(query.Limit + 1)], query.Limit,
            row => RowPlace.Behind(CreatedOf(row), row.Id));
    }

    // The application of a query is given as the ids that its events are of.
    public static RowPage<AuditEvent> Of(IEnumerable<AuditEvent> events, RowQuery query, IReadOnlySet<string>? targets)
    {
        RowPlace? after = RowPlace.Of(query);
        IEnumerable<AuditEvent> wanted = from entry in events.Reverse()
                                         where after is not { } place || entry.Number < place.Number
                                         where query.WorkspaceIds is null || MaySee(query, entry.WorkspaceId) || MaySee(query, entry.OtherWorkspaceId)
                                         where targets?.Contains(entry.Target) != false
                                         where Contains(query.Text, entry.Actor, entry.Action, entry.Target)
                                         select entry;
        return Page([.. wanted.Take(query.Limit + 1)], query.Limit, entry => RowPlace.Behind(entry.Number));
    }

    // Of rows of which the last may be the first of the next page.
    public static RowPage<T> Page<T>(IReadOnlyList<T> rows, int limit, Func<T, RowPlace> placeBehind) =>
        rows.Count <= limit ? new RowPage<T>(rows, null) : new RowPage<T>([.. rows.Take(limit)], placeBehind(rows[limit - 1]).ToString());

    private static bool Matches(IStoredRow row, RowQuery query) =>
        (query.WorkspaceIds is null || WorkspacesOf(row).Any(id => MaySee(query, id)))
        && row switch
        {
            ApplicationRecord application => Contains(query.Text, application.Id, application.Name, application.BundleId),
            CredentialRecord credential => (query.ApplicationId is null || credential.ApplicationId == query.ApplicationId)
                && (query.ParentId is null || credential.ParentId == query.ParentId)
                && (query.Kind == CredentialKind.None || credential.Kind == query.Kind)
                && Contains(query.Text, credential.Id, credential.Name, credential.Key),
            WorkspaceRecord workspace => Contains(query.Text, workspace.Id, workspace.Name),
            SharingKeyRecord sharingKey => Contains(query.Text, sharingKey.Id, sharingKey.Name),
            _ => false,
        };

    private static bool MaySee(RowQuery query, string? workspaceId) => workspaceId is not null && query.WorkspaceIds!.Contains(workspaceId, StringComparer.Ordinal);

    private static bool Contains(string? text, params ReadOnlySpan<string?> values)
    {
        if (text is null)
        {
            return true;
        }

        foreach (string? value in values)
        {
            if (value?.Contains(text, StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }

    // A sharing key is seen from both sides.
    private static IEnumerable<string> WorkspacesOf(IStoredRow row) => row switch
    {
        WorkspaceRecord => [row.Id],
        ApplicationRecord application => [application.WorkspaceId],
        CredentialRecord credential => [credential.WorkspaceId],
        SharingKeyRecord { GranteeWorkspaceId: { } grantee } sharingKey => [sharingKey.GrantorWorkspaceId, grantee],
        SharingKeyRecord sharingKey => [sharingKey.GrantorWorkspaceId],
        _ => [],
    };

    private static DateTimeOffset CreatedOf(IStoredRow row) => row switch
    {
        WorkspaceRecord workspace => workspace.Created.At,
        ApplicationRecord application => application.Created.At,
        CredentialRecord credential => credential.Created.At,
        SharingKeyRecord sharingKey => sharingKey.Created.At,
        _ => default,
    };
}
