namespace Signing.AspNetCore;

/// <summary>What an operator should look at, without clock or store.</summary>
public static class KeyHealthRules
{
    /// <summary>The time without use after which a credential is idle: 90 days.</summary>
    public static readonly TimeSpan IdleAge = TimeSpan.FromDays(90);

    /// <summary>Says what is to be looked at.</summary>
    /// <param name="credential">The row.</param>
    /// <param name="rotationAge">The age from which a Secret is due.</param>
    /// <param name="now">The time.</param>
    /// <returns>What is to be looked at; nothing for a credential that is revoked or expired, because nobody can use it.</returns>
    public static KeyHealth Of(CredentialRecord credential, TimeSpan rotationAge, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(credential);
        if (CredentialStates.Of(credential, now) is CredentialState.Revoked or CredentialState.Expired)
        {
            return KeyHealth.None;
        }

        KeyHealth health = KeyHealth.None;
        health |= credential is { Expires: null, RevokesAt: null } ? KeyHealth.NeverExpires : KeyHealth.None;
        health |= now - (credential.LastUsed?.At ?? credential.Created.At) >= IdleAge ? KeyHealth.Idle : KeyHealth.None;
        health |= CredentialStates.IsDueForRotation(credential, rotationAge, now) ? KeyHealth.Overdue : KeyHealth.None;
        health |= IsRetiringSecretInUse(credential, now) ? KeyHealth.RetiringSecretInUse : KeyHealth.None;
        return health;
    }

    private static bool IsRetiringSecretInUse(CredentialRecord credential, DateTimeOffset now) =>
        CredentialStates.IsRotating(credential, now) && credential.Retiring!.LastUsed?.At > credential.Current?.Created;
}
