namespace Signing.AspNetCore;

/// <summary>What a credential is shown as, computed from its row and the time.</summary>
public static class CredentialStates
{
    /// <summary>The time before its end in which a credential is shown as expiring soon: 14 days.</summary>
    public static readonly TimeSpan ExpiringSoon = TimeSpan.FromDays(14);

    /// <summary>Says what a credential is shown as, by itself: a suspended application or a disabled workspace is shown beside it.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="now">The time.</param>
    /// <returns>The state that tells most: revoked before suspended, before expired, before scheduled, before those in which it is accepted.</returns>
    public static CredentialState Of(CredentialRecord credential, DateTimeOffset now)
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

    // The earlier of the two ends that a credential may have.
    internal static DateTimeOffset? EndOf(CredentialRecord credential) =>
        credential.RevokesAt < credential.Expires ? credential.RevokesAt : credential.Expires ?? credential.RevokesAt;
}
