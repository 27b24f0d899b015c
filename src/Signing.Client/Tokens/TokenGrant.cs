namespace Signing.Client;

/// <summary>Holds what a token endpoint granted.</summary>
internal sealed record TokenGrant(string AccessToken, string? RefreshToken, TimeSpan Lifetime)
{
    public override string ToString() => nameof(TokenGrant);
}
