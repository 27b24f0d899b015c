using System.Collections.Concurrent;

namespace Signing.AspNetCore;

// What requests ask for, made from the rows: a credential is made anew when its row, its application or its workspace
// changes, its keys only when a Secret does.
internal sealed class LiveCredentials
{
    private readonly CredentialTables _tables;
    private readonly SecretSeal _seal;
    private readonly ConcurrentDictionary<string, Credential> _byKey = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Credential>.AlternateLookup<ReadOnlySpan<char>> _bySlice;
    private readonly ConcurrentDictionary<TokenHash, Credential> _byHash = new();
    private readonly ConcurrentDictionary<TokenHash, SharingKey> _sharingKeys = new();
    private readonly ConcurrentDictionary<string, SharingKey> _sharingKeysById = new(StringComparer.Ordinal);

    // With what each was opened from: a Secret under the same version may be another one.
    private readonly Dictionary<(string CredentialId, int Version), (ReadOnlyMemory<byte> Sealed, SigningKey Key)> _keys = [];

    public LiveCredentials(CredentialTables tables, SecretSeal seal)
    {
        _tables = tables;
        _seal = seal;
        _bySlice = _byKey.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public Credential? Find(ReadOnlySpan<char> key) => _bySlice.TryGetValue(key, out Credential? credential) ? credential : null;

    public Credential? Find(in TokenHash hash) => _byHash.GetValueOrDefault(hash);

    public SharingKey? FindSharingKey(in TokenHash hash) => _sharingKeys.GetValueOrDefault(hash);

    public SharingKey? FindSharingKey(string id) => _sharingKeysById.GetValueOrDefault(id);

    // Throws if a Secret does not open; changes nothing that requests see.
    public void Prepare(CredentialRecord? row)
    {
        if (row is not { Kind: CredentialKind.KeyPair })
        {
            return;
        }

        foreach (SecretRecord secret in row.Secrets)
        {
            if (secret.Sealed is not null)
            {
                _ = KeyOf(row, secret);
            }
        }
    }

    public void Update()
    {
        foreach (CredentialRecord credential in _tables.All<CredentialRecord>())
        {
            Update(credential);
        }

        foreach (SharingKeyRecord sharingKey in _tables.All<SharingKeyRecord>())
        {
            Update(sharingKey);
        }
    }

    // After the tables have changed.
    public void Update(RowEdit edit)
    {
        if (edit.Earlier is CredentialRecord earlier)
        {
            Forget(earlier, edit.Later as CredentialRecord);
        }

        if (edit.Earlier is SharingKeyRecord earlierKey && (edit.Later is not SharingKeyRecord laterKey || laterKey.Secret.Hash != earlierKey.Secret.Hash))
        {
            Forget(earlierKey);
        }

        switch (edit.Later)
        {
            case CredentialRecord credential:
                Update(credential);
                break;
            case SharingKeyRecord sharingKey:
                Update(sharingKey);
                break;
            case ApplicationRecord application:
                UpdateAll(_tables.All<CredentialRecord>().Where(credential => credential.ApplicationId == application.Id));
                break;
            case WorkspaceRecord workspace:
                UpdateAll(_tables.All<CredentialRecord>().Where(credential => credential.WorkspaceId == workspace.Id));
                foreach (SharingKeyRecord shared in _tables.All<SharingKeyRecord>().Where(sharingKey => sharingKey.GrantorWorkspaceId == workspace.Id))
                {
                    Update(shared);
                }

                break;
        }
    }

    private void UpdateAll(IEnumerable<CredentialRecord> credentials)
    {
        foreach (CredentialRecord credential in credentials)
        {
            Update(credential);
        }
    }

    private void Update(CredentialRecord row)
    {
        ApplicationRecord? application = _tables.Get<ApplicationRecord>(row.ApplicationId);
        string? parentKey = row.ParentId is null ? null : _tables.Get<CredentialRecord>(row.ParentId)?.Key;
        Credential credential = LiveRows.Of(
            row, new RowSurroundings(application?.Name, application?.Status, application?.ConnectedApis ?? [], IsEnabled(row.WorkspaceId), parentKey), KeyOf);
        if (row.Key is not null)
        {
            _byKey[row.Key] = credential;
        }

        foreach (SecretRecord secret in row.Secrets)
        {
            if (secret.Hash is { } hash)
            {
                _byHash[hash] = credential;
            }
        }
    }

    private void Update(SharingKeyRecord row)
    {
        SharingKey key = LiveRows.Of(row, IsEnabled(row.GrantorWorkspaceId));
        _sharingKeysById[row.Id] = key;
        if (row.Secret.Hash is { } hash)
        {
            _sharingKeys[hash] = key;
        }
    }

    private bool IsEnabled(string workspaceId) => _tables.Get<WorkspaceRecord>(workspaceId)?.Enabled == true;

    // Keys are left to the garbage collector, undisposed: a request may just be verifying with one.
    private void Forget(CredentialRecord earlier, CredentialRecord? later)
    {
        if (earlier.Key is not null && later?.Key != earlier.Key)
        {
            _byKey.TryRemove(earlier.Key, out _);
        }

        foreach (SecretRecord secret in earlier.Secrets)
        {
            SecretRecord? kept = later?.Secrets.FirstOrDefault(other => other.Version == secret.Version);
            if (secret.Hash is { } hash && kept?.Hash != hash)
            {
                _byHash.TryRemove(hash, out _);
            }

            if (kept?.Sealed is null)
            {
                _keys.Remove((earlier.Id, secret.Version));
            }
        }
    }

    private void Forget(SharingKeyRecord earlier)
    {
        _sharingKeysById.TryRemove(earlier.Id, out _);
        if (earlier.Secret.Hash is { } hash)
        {
            _sharingKeys.TryRemove(hash, out _);
        }
    }

    private SigningKey KeyOf(CredentialRecord row, SecretRecord secret)
    {
        ReadOnlyMemory<byte> @sealed = secret.Sealed!.Value;
        if (_keys.TryGetValue((row.Id, secret.Version), out (ReadOnlyMemory<byte> Sealed, SigningKey Key) known)
            && known.Key.KeyId == row.Key && known.Sealed.Span.SequenceEqual(@sealed.Span))
        {
            return known.Key;
        }

        SigningKey key = LiveRows.KeyOf(_seal, row, secret);
        _keys[(row.Id, secret.Version)] = (@sealed, key);
        return key;
    }
}
