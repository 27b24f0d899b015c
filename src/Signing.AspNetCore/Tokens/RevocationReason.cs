namespace Signing.AspNetCore;

/// <summary>Why a grant was revoked.</summary>
public enum RevocationReason
{
    /// <summary>The grant is not revoked.</summary>
    None = 0,

    /// <summary>Its holder revoked it.</summary>
    Holder,

    /// <summary>An operator revoked it.</summary>
    Operator,

    /// <summary>A refresh token was used again after its time.</summary>
    RefreshReused,

    /// <summary>The credential, application, workspace or sharing key that it rests on has ended.</summary>
    Parent,
}
