namespace Signing.AspNetCore;

/// <summary>What became of a refresh.</summary>
/// <remarks>Zero is <see cref="Unavailable"/>, so a forgotten assignment never issues a token; only <see cref="Rotated"/> and <see cref="SameSuccessor"/> do.</remarks>
public enum GrantRotationStatus
{
    /// <summary>The store cannot tell.</summary>
    Unavailable = 0,

    /// <summary>The sequence was current, and the grant has moved on to the next one.</summary>
    Rotated,

    /// <summary>The sequence was replaced a moment ago and its successor is unused, so the answer may have been lost: the same successor is due again.</summary>
    SameSuccessor,

    /// <summary>The sequence was replaced and may not come again: the grant is revoked by this call.</summary>
    Reused,

    /// <summary>The grant was revoked before.</summary>
    Revoked,

    /// <summary>The grant has ended, or never had a refresh token.</summary>
    Expired,

    /// <summary>No grant has this id.</summary>
    Unknown,
}
