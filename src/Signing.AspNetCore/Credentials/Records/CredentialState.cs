namespace Signing.AspNetCore;

/// <summary>What a credential is shown as: computed from its row and the time, never stored.</summary>
public enum CredentialState
{
    /// <summary>Nothing that is known.</summary>
    None = 0,

    /// <summary>Its first instant is still to come.</summary>
    Scheduled,

    /// <summary>It is accepted.</summary>
    Active,

    /// <summary>It is accepted, and for a while its former Secret is too.</summary>
    Rotating,

    /// <summary>It is accepted, and ends within <see cref="CredentialStates.ExpiringSoon"/>.</summary>
    ExpiringSoon,

    /// <summary>It has ended; a new end brings it back.</summary>
    Expired,

    /// <summary>An operator has suspended it; shown as <i>Inactive</i>.</summary>
    Suspended,

    /// <summary>It is refused for good.</summary>
    Revoked,
}
