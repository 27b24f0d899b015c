namespace Signing.AspNetCore;

/// <summary>What an operator may do with a credential, without clock, store or secret: each method gives the changed row, or says why not.</summary>
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
    /// <summary>How many Secrets a row remembers, destroyed ones included.</summary>
    public const int MaxSecrets = 8;

    /// <summary>The longest overlap of a rotation, and the longest wait for a revocation: 90 days.</summary>
    public static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(90);

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

        if (CredentialStates.IsRotating(credential, now))
        {
            return new CredentialChange(ChangeStatus.AlreadyRotating, credential);
        }

        DateTimeOffset end = now + overlap < CredentialStates.EndOf(credential) || CredentialStates.EndOf(credential) is null ? now + overlap : CredentialStates.EndOf(credential)!.Value;
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

        if (!CredentialStates.IsRotating(credential, now))
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
        if (CredentialStates.IsRevoked(credential, now))
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
        if (CredentialStates.IsRevoked(credential, now))
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
        if (CredentialStates.IsRevoked(credential, now))
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
        if (CredentialStates.IsRevoked(credential, now))
        {
            return credential.Status == StoredStatus.Revoked && credential.Secrets.All(secret => secret.IsDestroyed)
                ? new CredentialChange(ChangeStatus.Unchanged, credential)
                : Changed(credential, Ended(credential));
        }

        return credential.Secrets.Any(secret => !secret.IsDestroyed && secret.RetiresAt <= now)
            ? Changed(credential, credential with { Secrets = Kept(credential.Secrets, now) })
            : new CredentialChange(ChangeStatus.Unchanged, credential);
    }

    private static ChangeStatus RefusalOf(CredentialRecord credential, DateTimeOffset now)
    {
        if (CredentialStates.IsRevoked(credential, now))
        {
            return ChangeStatus.AlreadyRevoked;
        }

        return credential.Kind == CredentialKind.KeyPair ? ChangeStatus.None : ChangeStatus.NotAKeyPair;
    }

    private static CredentialChange Set(CredentialRecord credential, StoredStatus status, DateTimeOffset now)
    {
        if (CredentialStates.IsRevoked(credential, now))
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
