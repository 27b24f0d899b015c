using System.Collections.Concurrent;

namespace Signing.AspNetCore;

// The rows of one store in memory: read without a lock, changed by one writer at a time.
internal sealed class CredentialTables
{
    private readonly ConcurrentDictionary<string, WorkspaceRecord> _workspaces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ApplicationRecord> _applications = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CredentialRecord> _credentials = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SharingKeyRecord> _sharingKeys = new(StringComparer.Ordinal);

    public T? Get<T>(string id)
        where T : class, IStoredRow
        => Find(typeof(T), id) as T;

    public IEnumerable<T> All<T>()
        where T : class, IStoredRow
        => (IEnumerable<T>)AllOf(typeof(T));

    // The row of an edit as it is stored now.
    public IStoredRow? Stored(RowEdit edit) => (edit.Later ?? edit.Earlier) is { } row ? Find(row.GetType(), row.Id) : null;

    public static void RequireNext(RowEdit edit)
    {
        bool isNext = edit switch
        {
            { Earlier: null, Later: null } => false,
            { Earlier: null, Later: { } later } => later.Version == 1,
            { Earlier: { } earlier, Later: { } later } => later.Version == earlier.Version + 1 && later.Id == earlier.Id && later.GetType() == earlier.GetType(),
            _ => true,
        };
        if (!isNext)
        {
            throw new ArgumentException("An edit has a row, keeps its kind and id, and makes its next version.", nameof(edit));
        }
    }

    // Says whether a change may be stored; stores nothing.
    public ChangeStatus Check(IReadOnlyList<RowEdit> edits)
    {
        foreach (RowEdit edit in edits)
        {
            RequireNext(edit);
            IStoredRow? stored = Stored(edit);
            if (edit.Earlier is not null && stored is null)
            {
                return ChangeStatus.NotFound;
            }

            if (stored?.Version != edit.Earlier?.Version)
            {
                return ChangeStatus.VersionMismatch;
            }
        }

        var after = new TablesAfter(this, edits);
        foreach (RowEdit edit in edits)
        {
            ChangeStatus status = edit.Later is null ? after.CheckDeleted(edit.Earlier!) : after.CheckStored(edit.Later);
            if (status != ChangeStatus.Changed)
            {
                return status;
            }
        }

        return ChangeStatus.Changed;
    }

    public void Apply(RowEdit edit)
    {
        IStoredRow row = edit.Later ?? edit.Earlier!;
        if (edit.Later is not null)
        {
            Put(row);
            return;
        }

        _ = row switch
        {
            WorkspaceRecord => _workspaces.TryRemove(row.Id, out _),
            ApplicationRecord => _applications.TryRemove(row.Id, out _),
            CredentialRecord => _credentials.TryRemove(row.Id, out _),
            _ => _sharingKeys.TryRemove(row.Id, out _),
        };
    }

    public void Put(IStoredRow row)
    {
        switch (row)
        {
            case WorkspaceRecord workspace:
                _workspaces[row.Id] = workspace;
                break;
            case ApplicationRecord application:
                _applications[row.Id] = application;
                break;
            case CredentialRecord credential:
                _credentials[row.Id] = credential;
                break;
            case SharingKeyRecord sharingKey:
                _sharingKeys[row.Id] = sharingKey;
                break;
        }
    }

    private IStoredRow? Find(Type kind, string id) => kind switch
    {
        _ when kind == typeof(WorkspaceRecord) => _workspaces.GetValueOrDefault(id),
        _ when kind == typeof(ApplicationRecord) => _applications.GetValueOrDefault(id),
        _ when kind == typeof(CredentialRecord) => _credentials.GetValueOrDefault(id),
        _ when kind == typeof(SharingKeyRecord) => _sharingKeys.GetValueOrDefault(id),
        _ => throw new ArgumentException($"{kind.Name} is no row of the credential store.", nameof(kind)),
    };

    private IEnumerable<IStoredRow> AllOf(Type kind) => kind switch
    {
        _ when kind == typeof(WorkspaceRecord) => _workspaces.Values,
        _ when kind == typeof(ApplicationRecord) => _applications.Values,
        _ when kind == typeof(CredentialRecord) => _credentials.Values,
        _ when kind == typeof(SharingKeyRecord) => _sharingKeys.Values,
        _ => throw new ArgumentException($"{kind.Name} is no row of the credential store.", nameof(kind)),
    };
}
