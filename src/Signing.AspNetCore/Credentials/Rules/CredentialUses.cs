namespace Signing.AspNetCore;

/// <summary>When a credential and each of its Secrets, or a sharing key, was last used: noted beside the decisions of operators, and never an edit.</summary>
public static class CredentialUses
{
    /// <summary>The least time between two notes of a last use: one minute.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Notes that a verified request used a credential: only forward, and at most once in <see cref="Interval"/>.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="secretVersion">The version of the Secret that was used; 0 if none was, as with an access token.</param>
    /// <param name="use">When and from where.</param>
    /// <returns>The changed row, its version the same: nobody's edit is lost by a use; <see cref="ChangeStatus.Unchanged"/> if a note this new is there.</returns>
    public static CredentialChange Mark(CredentialRecord credential, int secretVersion, LastUse use)
    {
        ArgumentNullException.ThrowIfNull(credential);
        bool isNew = IsNewer(use, credential.LastUsed);
        if (!isNew && !credential.Secrets.Any(secret => secret.Version == secretVersion && IsNewer(use, secret.LastUsed)))
        {
            return new CredentialChange(ChangeStatus.Unchanged, credential);
        }

        SecretRecord[] secrets = [.. credential.Secrets.Select(secret =>
            secret.Version == secretVersion && IsNewer(use, secret.LastUsed) ? secret with { LastUsed = use } : secret)];
        return new CredentialChange(ChangeStatus.Changed, credential with { LastUsed = isNew ? use : credential.LastUsed, Secrets = secrets });
    }

    /// <summary>Notes that a verified request used a sharing key: only forward, and at most once in <see cref="Interval"/>.</summary>
    /// <param name="sharingKey">The row.</param>
    /// <param name="use">When and from where.</param>
    /// <returns>The changed row, its version the same; the row that was given if a note this new is there.</returns>
    public static SharingKeyRecord Mark(SharingKeyRecord sharingKey, LastUse use)
    {
        ArgumentNullException.ThrowIfNull(sharingKey);
        return IsNewer(use, sharingKey.LastUsed) ? sharingKey with { LastUsed = use } : sharingKey;
    }

    /// <summary>Carries the last uses of the stored row over to an edit whose maker had not seen them.</summary>
    /// <param name="edited">The row as it is to be.</param>
    /// <param name="stored">The row as it is stored.</param>
    /// <returns>The edit with the later use of the two, for itself and for each Secret.</returns>
    public static CredentialRecord Keep(CredentialRecord edited, CredentialRecord stored)
    {
        ArgumentNullException.ThrowIfNull(edited);
        ArgumentNullException.ThrowIfNull(stored);
        SecretRecord[] secrets =
        [
            .. edited.Secrets.Select(secret => secret with
            {
                LastUsed = Later(secret.LastUsed, stored.Secrets.FirstOrDefault(other => other.Version == secret.Version)?.LastUsed),
            })
        ];
        return edited with { LastUsed = Later(edited.LastUsed, stored.LastUsed), Secrets = secrets };
    }

    /// <summary>Carries the last use of the stored row over to an edit whose maker had not seen it.</summary>
    /// <param name="edited">The row as it is to be.</param>
    /// <param name="stored">The row as it is stored.</param>
    /// <returns>The edit with the later use of the two.</returns>
    public static SharingKeyRecord Keep(SharingKeyRecord edited, SharingKeyRecord stored)
    {
        ArgumentNullException.ThrowIfNull(edited);
        ArgumentNullException.ThrowIfNull(stored);
        return edited with { LastUsed = Later(edited.LastUsed, stored.LastUsed) };
    }

    private static LastUse? Later(LastUse? one, LastUse? other) => one is null || other?.At > one.Value.At ? other : one;

    private static bool IsNewer(LastUse use, LastUse? known) => known is null || use.At - known.Value.At >= Interval;
}
