namespace Signing.AspNetCore;

/// <summary>What an operator should look at, although the credential works.</summary>
[Flags]
public enum KeyHealth
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It has no end.</summary>
    NeverExpires = 1,

    /// <summary>It was not used for <see cref="KeyHealthRules.IdleAge"/>, or never in that time.</summary>
    Idle = 2,

    /// <summary>Its Secret is older than the workspace wants.</summary>
    Overdue = 4,

    /// <summary>Its former Secret was used after it was replaced: retiring it now would refuse somebody.</summary>
    RetiringSecretInUse = 8,
}
