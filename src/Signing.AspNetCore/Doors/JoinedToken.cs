namespace Signing.AspNetCore;

/// <summary>The token that came with a signature.</summary>
internal sealed class JoinedToken(TokenDoor door)
{
    /// <summary>Gets the scheme that reads it.</summary>
    public TokenDoor Door => door;

    /// <summary>What was found about it: nothing unless the signature is its holder's.</summary>
    public TokenAnswer Answer { get; set; }
}
