namespace Signing.AspNetCore;

/// <summary>The life of a credential: what it is shown as, and what an operator may do with it, without clock, store or secret.</summary>
/// <remarks>
/// <code>
/// Scheduled ─▶ Active ⇄ Rotating        Suspend ⇄ Resume from each of them
///                │ ▲                     Renew brings an Expired one back
///                ▼ │
///  ExpiringSoon ─▶ Expired               Revoke from anywhere, and never back
/// </code>
/// </remarks>
public static class CredentialRules
{
    /// <summary>How many Secrets of a KeyPair are accepted at once: the current one, and the one it replaced.</summary>
    public const int MaxLiveSecrets = 2;

    /// <summary>How many Secrets a row remembers, destroyed ones included.</summary>
    public const int MaxSecrets = 8;

    /// <summary>The longest overlap of a rotation, and the longest wait for a revocation: 90 days.</summary>
    public static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(90);

    /// <summary>The time before its end in which a credential is shown as expiring soon: 14 days.</summary>
    public static readonly TimeSpan ExpiringSoon = TimeSpan.FromDays(14);

    /// <summary>The least time between two notes of a last use: one minute.</summary>
    public static readonly TimeSpan UseInterval = TimeSpan.FromMinutes(1);

    /// <summary>Says what a credential is shown as, by itself: a suspended application or a disabled workspace is shown beside it.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="now">The time.</param>
    /// <returns>The state that tells most: revoked before suspended, before expired, before scheduled, before those in which it is accepted.</returns>
    public static CredentialState StateOf(CredentialRecord credential, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(credential);
        if (IsRevoked(credential, now))
        {
            return CredentialState.Revoked;
        }

        if (credential.Status != StoredStatus.Active)
        {
            return CredentialState.Suspended;
        }

        if (now >= credential.Expires)
        {
            return CredentialState.Expired;
        }

        if (now < credential.NotBefore)
        {
            return CredentialState.Scheduled;
        }

        if (EndOf(credential) is { } end && end - now <= ExpiringSoon)
        {
            return CredentialState.ExpiringSoon;
        }

        return IsRotating(credential, now) ? CredentialState.Rotating : CredentialState.Active;
    }

    /// <summary>Says whether a credential is refused for good: it was revoked, or the instant that was set for it has come.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="now">The time.</param>
    /// <returns><see langword="true"/> if it is; <see langword="false"/> if it may be accepted again.</returns>
    public static bool IsRevoked(CredentialRecord credential, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return credential.Status is not (StoredStatus.Active or StoredStatus.Suspended) || now >= credential.RevokesAt;
    }

    /// <summary>Says whether two Secrets of a credential are accepted.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="now">The time.</param>
    /// <returns><see langword="true"/> while the former Secret is; otherwise <see langword="false"/>.</returns>
    public static bool IsRotating(CredentialRecord credential, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return !IsRevoked(credential, now) && now < credential.Retiring?.RetiresAt;
    }

    /// <summary>Says whether the current Secret is older than its workspace wants.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="rotationAge">The age from which a Secret is due.</param>
    /// <param name="now">The time.</param>
    /// <returns><see langword="true"/> if it is due; <see langword="false"/> if not, for an ApiToken, and for a credential that is revoked.</returns>
    public static bool IsDueForRotation(CredentialRecord credential, TimeSpan rotationAge, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return credential is { Kind: CredentialKind.KeyPair, Current: { } current } && !IsRevoked(credential, now) && now - current.Created >= rotationAge;
    }

    /// <summary>Replaces the Secret of a KeyPair; the former one is accepted for an overlap, but never beyond the end of the credential.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="secret">The new Secret; version, hint and disclosure are its maker's.</param>
    /// <param name="overlap">For how long the former one is still accepted, from zero to <see cref="MaxOverlap"/>.</param>
    /// <param name="now">The time.</param>
    /// <returns>
    /// The changed row; else <see cref="ChangeStatus.AlreadyRevoked"/>, <see cref="ChangeStatus.NotAKeyPair"/>,
    /// <see cref="ChangeStatus.DurationInvalid"/>, or <see cref="ChangeStatus.AlreadyRotating"/> while the Secret before the current one is accepted.
    /// </returns>
    public static CredentialChange Rotate(CredentialRecord credential, SecretRecord secret, TimeSpan overlap, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (RefusalOf(credential, now) is var refusal and not ChangeStatus.None)
        {
            return new CredentialChange(refusal, credential);
        }

        if (overlap < TimeSpan.Zero || overlap > MaxOverlap)
        {
            return new CredentialChange(ChangeStatus.DurationInvalid, credential);
        }

        if (IsRotating(credential, now))
        {
            return new CredentialChange(ChangeStatus.AlreadyRotating, credential);
        }

        DateTimeOffset end = now + overlap < EndOf(credential) || EndOf(credential) is null ? now + overlap : EndOf(credential)!.Value;
        IEnumerable<SecretRecord> former = credential.Secrets.Select(known => known.RetiresAt is null ? known with { RetiresAt = end } : known);
        return Changed(credential, credential with { Secrets = Kept([.. former, secret with { RetiresAt = null }], now) });
    }

    /// <summary>Ends the former Secret of a KeyPair now, and destroys it.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="now">The time.</param>
    /// <returns>The changed row; else <see cref="ChangeStatus.AlreadyRevoked"/>, <see cref="ChangeStatus.NotAKeyPair"/>, or <see cref="ChangeStatus.NotRotating"/>.</returns>
    public static CredentialChange Retire(CredentialRecord credential, DateTimeOffset now)
    {
        if (RefusalOf(credential, now) is var refusal and not ChangeStatus.None)
        {
            return new CredentialChange(refusal, credential);
        }

        if (!IsRotating(credential, now))
        {
            return new CredentialChange(ChangeStatus.NotRotating, credential);
        }

        IEnumerable<SecretRecord> secrets = credential.Secrets.Select(secret => secret.RetiresAt > now ? secret with { RetiresAt = now } : secret);
        return Changed(credential, credential with { Secrets = Kept([.. secrets], now) });
    }

    /// <summary>Gives a credential another end, and so brings an expired one back with the same Key and Secret.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="expires">The first instant at which it is no longer accepted, later than <paramref name="now"/>; <see langword="null"/> for no end.</param>
    /// <param name="now">The time.</param>
    /// <returns>The changed row; <see cref="ChangeStatus.Unchanged"/> if it had this end; else <see cref="ChangeStatus.AlreadyRevoked"/> or <see cref="ChangeStatus.EndInvalid"/>.</returns>
    public static CredentialChange Renew(CredentialRecord credential, DateTimeOffset? expires, DateTimeOffset now)
    {
        if (IsRevoked(credential, now))
        {
            return new CredentialChange(ChangeStatus.AlreadyRevoked, credential);
        }

        if (expires <= now || expires <= credential.NotBefore)
        {
            return new CredentialChange(ChangeStatus.EndInvalid, credential);
        }

        return credential.Expires == expires ? new CredentialChange(ChangeStatus.Unchanged, credential) : Changed(credential, credential with { Expires = expires });
    }

    /// <summary>Refuses a credential, and with a KeyPair its long-lived tokens, until it is resumed.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="now">The time.</param>
    /// <returns>The changed row; <see cref="ChangeStatus.Unchanged"/> if it was suspended; else <see cref="ChangeStatus.AlreadyRevoked"/>.</returns>
    public static CredentialChange Suspend(CredentialRecord credential, DateTimeOffset now) => Set(credential, StoredStatus.Suspended, now);

    /// <summary>Accepts a suspended credential again.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="now">The time.</param>
    /// <returns>The changed row; <see cref="ChangeStatus.Unchanged"/> if it was not suspended; else <see cref="ChangeStatus.AlreadyRevoked"/>.</returns>
    public static CredentialChange Resume(CredentialRecord credential, DateTimeOffset now) => Set(credential, StoredStatus.Active, now);

    /// <summary>Refuses a credential for good, now or after a while, and destroys its Secrets when that comes.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="by">Who decided it.</param>
    /// <param name="reason">Why, in their words.</param>
    /// <param name="after">How long it is accepted before, from zero to <see cref="MaxOverlap"/>.</param>
    /// <param name="now">The time.</param>
    /// <returns>The changed row; else <see cref="ChangeStatus.AlreadyRevoked"/> or <see cref="ChangeStatus.DurationInvalid"/>.</returns>
    public static CredentialChange Revoke(CredentialRecord credential, string by, string? reason, TimeSpan after, DateTimeOffset now)
    {
        if (IsRevoked(credential, now))
        {
            return new CredentialChange(ChangeStatus.AlreadyRevoked, credential);
        }

        if (after < TimeSpan.Zero || after > MaxOverlap)
        {
            return new CredentialChange(ChangeStatus.DurationInvalid, credential);
        }

        CredentialRecord decided = credential with { RevokesAt = now + after, Revoked = new Stamp(now, by), RevokedFor = reason };
        return Changed(credential, after == TimeSpan.Zero ? Ended(decided) : decided);
    }

    /// <summary>Takes back a revocation whose instant has not come.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="now">The time.</param>
    /// <returns>The changed row; <see cref="ChangeStatus.Unchanged"/> if none was decided; else <see cref="ChangeStatus.AlreadyRevoked"/>.</returns>
    public static CredentialChange KeepAfterAll(CredentialRecord credential, DateTimeOffset now)
    {
        if (IsRevoked(credential, now))
        {
            return new CredentialChange(ChangeStatus.AlreadyRevoked, credential);
        }

        return credential.RevokesAt is null
            ? new CredentialChange(ChangeStatus.Unchanged, credential)
            : Changed(credential, credential with { RevokesAt = null, Revoked = null, RevokedFor = null });
    }

    /// <summary>Does what time has decided: destroys Secrets that have retired, and those of a credential whose revocation has come.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="now">The time.</param>
    /// <returns>The changed row; <see cref="ChangeStatus.Unchanged"/> if nothing was due.</returns>
    public static CredentialChange Settle(CredentialRecord credential, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(credential);
        if (IsRevoked(credential, now))
        {
            return credential.Status == StoredStatus.Revoked && credential.Secrets.All(secret => secret.IsDestroyed)
                ? new CredentialChange(ChangeStatus.Unchanged, credential)
                : Changed(credential, Ended(credential));
        }

        return credential.Secrets.Any(secret => !secret.IsDestroyed && secret.RetiresAt <= now)
            ? Changed(credential, credential with { Secrets = Kept(credential.Secrets, now) })
            : new CredentialChange(ChangeStatus.Unchanged, credential);
    }

    /// <summary>Notes that a verified request used a credential: only forward, and at most once in <see cref="UseInterval"/>.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="secretVersion">The version of the Secret that was used; 0 if none was, as with an access token.</param>
    /// <param name="use">When and from where.</param>
    /// <returns>The changed row, its version the same: nobody's edit is lost by a use; <see cref="ChangeStatus.Unchanged"/> if a note this new is there.</returns>
    public static CredentialChange MarkUsed(CredentialRecord credential, int secretVersion, LastUse use)
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

    /// <summary>Carries the last uses of the stored row over to an edit whose maker had not seen them.</summary>
    /// <param name="edited">The row as it is to be.</param>
    /// <param name="stored">The row as it is stored.</param>
    /// <returns>The edit with the later use of the two, for itself and for each Secret.</returns>
    public static CredentialRecord KeepUses(CredentialRecord edited, CredentialRecord stored)
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

    private static LastUse? Later(LastUse? one, LastUse? other) => one is null || other?.At > one.Value.At ? other : one;

    private static bool IsNewer(LastUse use, LastUse? known) => known is null || use.At - known.Value.At >= UseInterval;

    // The earlier of the two ends that a credential may have.
    private static DateTimeOffset? EndOf(CredentialRecord credential) =>
        credential.RevokesAt < credential.Expires ? credential.RevokesAt : credential.Expires ?? credential.RevokesAt;

    private static ChangeStatus RefusalOf(CredentialRecord credential, DateTimeOffset now)
    {
        if (IsRevoked(credential, now))
        {
            return ChangeStatus.AlreadyRevoked;
        }

        return credential.Kind == CredentialKind.KeyPair ? ChangeStatus.None : ChangeStatus.NotAKeyPair;
    }

    private static CredentialChange Set(CredentialRecord credential, StoredStatus status, DateTimeOffset now)
    {
        if (IsRevoked(credential, now))
        {
            return new CredentialChange(ChangeStatus.AlreadyRevoked, credential);
        }

        return credential.Status == status ? new CredentialChange(ChangeStatus.Unchanged, credential) : Changed(credential, credential with { Status = status });
    }

    private static CredentialRecord Ended(CredentialRecord credential) =>
        credential with { Status = StoredStatus.Revoked, Secrets = [.. credential.Secrets.Select(Destroyed)] };

    private static IReadOnlyList<SecretRecord> Kept(IReadOnlyList<SecretRecord> secrets, DateTimeOffset now) =>
        [.. secrets.Select(secret => secret.RetiresAt <= now ? Destroyed(secret) : secret).TakeLast(MaxSecrets)];

    private static SecretRecord Destroyed(SecretRecord secret) => secret with { Sealed = null, Hash = null };

    private static CredentialChange Changed(CredentialRecord earlier, CredentialRecord later) => new(ChangeStatus.Changed, later with { Version = earlier.Version + 1 });
}
