using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

internal sealed class SharingKeyTable() : RowTable("sharing_key")
{
    public override Task LockAsync(DatabaseSession session, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        session.Command("sharing_key.lock").Texts("ids", ids).RunAsync(cancellationToken);

    public override async Task<ChangeStatus> CheckStoredAsync(DatabaseSession session, IStoredRow row, IStoredRow? earlier, CancellationToken cancellationToken)
    {
        var sharingKey = (SharingKeyRecord)row;
        NpgsqlCommand command = session.Command("sharing_key.check")
            .Text("id", sharingKey.Id).Text("grantor_workspace_id", StoredText.Kept(sharingKey.GrantorWorkspaceId)).Bytes("hash", sharingKey.Secret.Hash?.ToBytes());
        bool[] answers = await command.AskAsync(cancellationToken).ConfigureAwait(false);
        return answers switch
        {
            [false, _] => ChangeStatus.NotFound,
            [_, true] => ChangeStatus.NameTaken,
            _ => ChangeStatus.Changed,
        };
    }

    // Nothing refers to it: who uses it is written with the grants.
    public override Task<ChangeStatus> CheckDeletedAsync(DatabaseSession session, string id, CancellationToken cancellationToken) => Task.FromResult(ChangeStatus.Changed);

    public override DateTimeOffset CreatedOf(IStoredRow row) => ((SharingKeyRecord)row).Created.At;

    public static SharingKeyRecord ReadRow(Columns columns) => new()
    {
        Id = columns.Text(),
        Version = columns.Long(),
        GrantorWorkspaceId = columns.Text(),
        GranteeWorkspaceId = columns.TextOrNull(),
        GranteeApplicationId = columns.TextOrNull(),
        Name = columns.Text(),
        Scopes = columns.Texts(),
        Expires = columns.InstantOrNull(),
        Status = (StoredStatus)columns.Small(),
        Secret = new SecretRecord
        {
            Version = columns.Number(),
            Hint = columns.Text(),
            Disclosure = (SecretDisclosure)columns.Small(),
            Sealed = columns.SealedOrNull(),
            Hash = columns.HashOrNull(),
            Created = columns.Instant(),
            RetiresAt = columns.InstantOrNull(),
        },
        LastUsed = columns.LastUseOrNull(),
        Created = columns.Stamp(),
        Revoked = columns.StampOrNull(),
    };

    protected override IStoredRow Read(Columns columns) => ReadRow(columns);

    protected override void AddColumns(NpgsqlCommand command, IStoredRow row)
    {
        var sharingKey = (SharingKeyRecord)row;
        command.Text("id", sharingKey.Id)
            .Long("version", sharingKey.Version)
            .Text("grantor_workspace_id", StoredText.Kept(sharingKey.GrantorWorkspaceId))
            .Text("grantee_workspace_id", StoredText.KeptOrNull(sharingKey.GranteeWorkspaceId))
            .Text("grantee_application_id", StoredText.KeptOrNull(sharingKey.GranteeApplicationId))
            .Text("name", StoredText.Kept(sharingKey.Name))
            .Texts("scopes", sharingKey.Scopes)
            .Instant("expires", sharingKey.Expires)
            .Small("status", (int)sharingKey.Status)
            .Number("secret_version", sharingKey.Secret.Version)
            .Text("hint", StoredText.Kept(sharingKey.Secret.Hint))
            .Small("disclosure", (int)sharingKey.Secret.Disclosure)
            .Bytes("sealed", sharingKey.Secret.Sealed?.ToArray())
            .Bytes("hash", sharingKey.Secret.Hash?.ToBytes())
            .Instant("secret_created_at", sharingKey.Secret.Created)
            .Instant("secret_retires_at", sharingKey.Secret.RetiresAt)
            .Instant("last_used_at", sharingKey.LastUsed?.At)
            .Text("last_used_address", StoredText.KeptOrNull(sharingKey.LastUsed?.Address))
            .Instant("created_at", sharingKey.Created.At)
            .Text("created_by", StoredText.Kept(sharingKey.Created.By))
            .Instant("revoked_at", sharingKey.Revoked?.At)
            .Text("revoked_by", StoredText.KeptOrNull(sharingKey.Revoked?.By))
            .Text("search", StoredText.Search(sharingKey.Id, sharingKey.Name));
    }
}
