using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>What nodes are told of a change to a row: whatever they may have in memory under its Key, hash or id, as it was or as it is.</summary>
internal static class CredentialNotes
{
    public static IEnumerable<ChangeNote> Of(RowEdit edit) => (edit.Later ?? edit.Earlier) switch
    {
        WorkspaceRecord workspace => Of(workspace, (WorkspaceRecord?)edit.Earlier),
        ApplicationRecord application => Of(application, (ApplicationRecord?)edit.Earlier),
        CredentialRecord credential => Of(credential.Id, (CredentialRecord?)edit.Earlier, (CredentialRecord?)edit.Later),
        SharingKeyRecord sharingKey => [new ChangeNote(ChangeKind.SharingKey, sharingKey.Id)],
        _ => [],
    };

    // What is new or gone has nothing that belongs to it.
    private static IEnumerable<ChangeNote> Of(WorkspaceRecord later, WorkspaceRecord? earlier) =>
        earlier is not null && earlier.Enabled != later.Enabled ? [new ChangeNote(ChangeKind.Workspace, later.Id)] : [];

    private static IEnumerable<ChangeNote> Of(ApplicationRecord later, ApplicationRecord? earlier)
    {
        bool isSeen = earlier is not null
            && (earlier.Name != later.Name || earlier.Status != later.Status || earlier.WorkspaceId != later.WorkspaceId || !earlier.ConnectedApis.SequenceEqual(later.ConnectedApis, StringComparer.Ordinal));
        return isSeen ? [new ChangeNote(ChangeKind.Application, later.Id)] : [];
    }

    private static IEnumerable<ChangeNote> Of(string id, CredentialRecord? earlier, CredentialRecord? later)
    {
        yield return new ChangeNote(ChangeKind.Credential, id);
        foreach (string key in KeysOf(earlier, later))
        {
            yield return new ChangeNote(ChangeKind.CredentialKey, key);
        }

        foreach (TokenHash hash in HashesOf(earlier).Union(HashesOf(later)))
        {
            yield return new ChangeNote(ChangeKind.TokenHash, hash.ToString());
        }

        if (earlier?.Key is not null && later is not null && later.Key != earlier.Key)
        {
            yield return new ChangeNote(ChangeKind.ParentKey, earlier.Key);
        }
    }

    private static IEnumerable<string> KeysOf(params IEnumerable<CredentialRecord?> rows) => rows.Select(row => row?.Key).OfType<string>().Distinct(StringComparer.Ordinal);

    private static IEnumerable<TokenHash> HashesOf(CredentialRecord? row) => (row?.Secrets ?? []).Select(secret => secret.Hash).OfType<TokenHash>();
}
