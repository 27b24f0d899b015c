using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>The credentials, each with its Secrets in rows of their own.</summary>
internal sealed class CredentialTable() : RowTable("credential")
{
    public override Task LockAsync(DatabaseSession session, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        session.Command("credential.lock").Texts("ids", ids).RunAsync(cancellationToken);

    public override IEnumerable<NpgsqlCommand> WritesOf(DatabaseSession session, IStoredRow row) =>
        [.. base.WritesOf(session, row), SecretsOf(session.Command("credential.write_secrets"), (CredentialRecord)row)];

    public override async Task<ChangeStatus> CheckStoredAsync(DatabaseSession session, IStoredRow row, IStoredRow? earlier, CancellationToken cancellationToken)
    {
        var credential = (CredentialRecord)row;
        NpgsqlCommand command = session.Command("credential.check")
            .Text("id", credential.Id)
            .Text("application_id", StoredText.Kept(credential.ApplicationId))
            .Text("workspace_id", StoredText.Kept(credential.WorkspaceId))
            .Text("parent_id", StoredText.KeptOrNull(credential.ParentId))
            .Texts("scopes", credential.Scopes)
            .Text("name_key", NameKeyOf(credential))
            .Text("key", credential.Key)
            .ByteArrays("hashes", credential.Secrets.Where(secret => secret.Hash is not null).Select(secret => secret.Hash!.Value.ToBytes()));
        bool[] answers = await command.AskAsync(cancellationToken).ConfigureAwait(false);

        // Between a token that was made or widened and a KeyPair that lost a scope meanwhile, neither of which has seen the other.
        bool otherScopes = earlier is not CredentialRecord stored || !stored.Scopes.SequenceEqual(credential.Scopes, StringComparer.Ordinal);
        return answers switch
        {
            [false, ..] or [_, false, ..] => ChangeStatus.NotFound,
            [_, _, true, ..] when otherScopes => ChangeStatus.ScopeNotGranted,
            [_, _, _, true, ..] when otherScopes && credential.Kind == CredentialKind.KeyPair => ChangeStatus.VersionMismatch,
            [.., true, _] or [.., true] => ChangeStatus.NameTaken,
            _ => ChangeStatus.Changed,
        };
    }

    public override DateTimeOffset CreatedOf(IStoredRow row) => ((CredentialRecord)row).Created.At;

    public static CredentialRecord ReadRow(Columns columns) => new()
    {
        Id = columns.Text(),
        Version = columns.Long(),
        ApplicationId = columns.Text(),
        WorkspaceId = columns.Text(),
        Kind = (CredentialKind)columns.Small(),
        Key = columns.TextOrNull(),
        Name = columns.Text(),
        ParentId = columns.TextOrNull(),
        Environment = columns.Text(),
        Scopes = columns.Texts(),
        ClientSecretAllowed = columns.Flag(),
        NotBefore = columns.InstantOrNull(),
        Expires = columns.InstantOrNull(),
        Status = (StoredStatus)columns.Small(),
        RevokesAt = columns.InstantOrNull(),
        LastUsed = columns.LastUseOrNull(),
        Created = columns.Stamp(),
        Revoked = columns.StampOrNull(),
        RevokedFor = columns.TextOrNull(),
        Secrets = [],
    };

    /// <summary>Reads credentials from rows of which each has one Secret or none, those of a credential one after another.</summary>
    /// <param name="reader">The rows, at the first of them.</param>
    /// <param name="first">The first column of the credential.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<List<CredentialRecord>> ReadRowsAsync(NpgsqlDataReader reader, int first, CancellationToken cancellationToken)
    {
        List<(CredentialRecord Row, List<SecretRecord> Secrets)> rows = [];
        do
        {
            var columns = new Columns(reader, first);
            CredentialRecord row = ReadRow(columns);
            if (rows.Count == 0 || rows[^1].Row.Id != row.Id)
            {
                rows.Add((row, []));
            }

            if (!columns.NextIsNull)
            {
                rows[^1].Secrets.Add(ReadSecret(columns));
            }
        }
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false));
        return [.. rows.Select(row => row.Row with { Secrets = row.Secrets })];
    }

    protected override async Task<List<IStoredRow>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? [.. await ReadRowsAsync(reader, 0, cancellationToken).ConfigureAwait(false)] : [];

    protected override IStoredRow Read(Columns columns) => ReadRow(columns);

    protected override void AddFilters(NpgsqlCommand command, RowQuery query) =>
        command.Text("application", query.ApplicationId).Text("parent", query.ParentId).Small("kind", (int)query.Kind);

    protected override void AddColumns(NpgsqlCommand command, IStoredRow row)
    {
        var credential = (CredentialRecord)row;
        command.Text("id", credential.Id)
            .Long("version", credential.Version)
            .Text("application_id", StoredText.Kept(credential.ApplicationId))
            .Text("workspace_id", StoredText.Kept(credential.WorkspaceId))
            .Small("kind", (int)credential.Kind)
            .Text("key", credential.Key)
            .Text("name", StoredText.Kept(credential.Name))
            .Text("name_key", NameKeyOf(credential))
            .Text("parent_id", StoredText.KeptOrNull(credential.ParentId))
            .Text("environment", StoredText.Kept(credential.Environment))
            .Texts("scopes", credential.Scopes)
            .Flag("client_secret_allowed", credential.ClientSecretAllowed)
            .Instant("not_before", credential.NotBefore)
            .Instant("expires", credential.Expires)
            .Small("status", (int)credential.Status)
            .Instant("revokes_at", credential.RevokesAt)
            .Instant("last_used_at", credential.LastUsed?.At)
            .Text("last_used_address", StoredText.KeptOrNull(credential.LastUsed?.Address))
            .Instant("created_at", credential.Created.At)
            .Text("created_by", StoredText.Kept(credential.Created.By))
            .Instant("revoked_at", credential.Revoked?.At)
            .Text("revoked_by", StoredText.KeptOrNull(credential.Revoked?.By))
            .Text("revoked_for", StoredText.KeptOrNull(credential.RevokedFor))
            .Text("search", StoredText.Search(credential.Id, credential.Name, credential.Key));
    }

    // The name of a revoked one is free again: its row stays to be looked at, not to be used.
    private static string? NameKeyOf(CredentialRecord credential) => credential.Status == StoredStatus.Revoked ? null : StoredText.Folded(credential.Name);

    private static SecretRecord ReadSecret(Columns columns) => new()
    {
        Version = columns.Number(),
        Hint = columns.Text(),
        Disclosure = (SecretDisclosure)columns.Small(),
        Sealed = columns.SealedOrNull(),
        Hash = columns.HashOrNull(),
        Created = columns.Instant(),
        RetiresAt = columns.InstantOrNull(),
        LastUsed = columns.LastUseOrNull(),
    };

    private static NpgsqlCommand SecretsOf(NpgsqlCommand command, CredentialRecord row) => command
        .Text("id", row.Id)
        .Numbers("version", row.Secrets.Select(secret => secret.Version))
        .Texts("hint", row.Secrets.Select(secret => StoredText.Kept(secret.Hint)))
        .Smalls("disclosure", row.Secrets.Select(secret => (int)secret.Disclosure))
        .ByteArrays("sealed", row.Secrets.Select(secret => secret.Sealed?.ToArray()))
        .ByteArrays("hash", row.Secrets.Select(secret => secret.Hash?.ToBytes()))
        .Instants("created_at", row.Secrets.Select(secret => (DateTimeOffset?)secret.Created))
        .Instants("retires_at", row.Secrets.Select(secret => secret.RetiresAt))
        .Instants("last_used_at", row.Secrets.Select(secret => secret.LastUsed?.At))
        .Texts("last_used_address", row.Secrets.Select(secret => StoredText.KeptOrNull(secret.LastUsed?.Address)));
}
