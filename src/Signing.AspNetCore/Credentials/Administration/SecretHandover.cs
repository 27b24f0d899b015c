namespace Signing.AspNetCore;

// Makes another Secret of a KeyPair, and shows one that may be shown.
internal sealed class SecretHandover(RowWriter rows, SecretMaker secrets)
{
    public async Task<SecretResult> RotateAsync(string id, long? version, TimeSpan? overlap, Actor actor, CancellationToken cancellationToken)
    {
        string? text = null;
        RowResult<CredentialRecord> result = await rows.ChangeAsync<CredentialRecord>(
            id,
            version,
            async (row, now) =>
            {
                WorkspaceRecord? workspace = await rows.GetAsync<WorkspaceRecord>(row.WorkspaceId, cancellationToken).ConfigureAwait(false);
                if (workspace is null)
                {
                    return RowDecision<CredentialRecord>.Refused(ChangeStatus.NotFound);
                }

                int next = row.Secrets.Count == 0 ? 1 : row.Secrets.Max(secret => secret.Version) + 1;
                (SecretRecord made, text) = secrets.NewSecret(row.Id, CredentialKind.KeyPair, row.Environment, next, workspace.Disclosure, now);
                return RowDecisions.Of(row, CredentialRules.Rotate(row, made, overlap ?? workspace.RotationOverlap, now), "credential.rotated", actor, now);
            },
            cancellationToken).ConfigureAwait(false);
        return new SecretResult(result.Status, result.Row, result.Status == ChangeStatus.Changed ? text : null);
    }

    public async Task<SecretResult> RevealAsync(string id, int? secretVersion, Actor actor, CancellationToken cancellationToken)
    {
        if (await rows.GetAsync<CredentialRecord>(id, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return new SecretResult(ChangeStatus.NotFound, null, null);
        }

        DateTimeOffset now = rows.Now;
        if (CredentialStates.IsRevoked(row, now))
        {
            return new SecretResult(ChangeStatus.AlreadyRevoked, null, null);
        }

        SecretRecord? secret = secretVersion is null ? row.Current : row.Secrets.FirstOrDefault(known => known.Version == secretVersion);
        if (secret is not { Disclosure: SecretDisclosure.Retrievable, Sealed: not null } || secret.RetiresAt <= now)
        {
            return new SecretResult(ChangeStatus.NotRetrievable, null, null);
        }

        // Nobody shall have seen a Secret without a trace of it.
        await rows.NoteAsync(AuditEvents.Of(row, "credential.revealed", actor, now), cancellationToken).ConfigureAwait(false);
        return new SecretResult(ChangeStatus.Changed, row, secrets.Open(row.Id, secret));
    }
}
