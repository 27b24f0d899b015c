namespace Signing.AspNetCore;

/// <summary>The answer of an <see cref="IGrantStore"/> to a new grant.</summary>
/// <remarks>Zero is <see cref="Unavailable"/>, so a forgotten assignment never issues a token; only <see cref="Inserted"/> does.</remarks>
public enum GrantInsertion
{
    /// <summary>The store is full, or already has a grant of this id.</summary>
    Unavailable = 0,

    /// <summary>The grant is stored.</summary>
    Inserted,

    /// <summary>The client holds its whole share of the store; other clients are not affected.</summary>
    QuotaExceeded,
}
