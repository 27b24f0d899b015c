namespace Signing.AspNetCore;

/// <summary>What an operator has decided about a credential.</summary>
/// <remarks>What a request meets is computed from it, from the times and from its surroundings: see <see cref="Credential.Evaluate(int, DateTimeOffset, string?)"/>.</remarks>
public enum StoredStatus
{
    /// <summary>Nothing is stored, which never accepts.</summary>
    None = 0,

    /// <summary>The credential may be used.</summary>
    Active,

    /// <summary>The credential is refused until it is set to active again.</summary>
    Suspended,

    /// <summary>The credential is refused for good.</summary>
    Revoked,
}
