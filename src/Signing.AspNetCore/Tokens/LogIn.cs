namespace Signing.AspNetCore;

/// <summary>A login whose client is authenticated: what the tokens are to stand for.</summary>
/// <param name="Client">The credential, a Secret of which the caller has just proved.</param>
/// <param name="Scopes">What the tokens are to permit; what the client or the sharing key does not permit is left out.</param>
internal sealed record LogIn(Credential Client, IReadOnlyList<string> Scopes)
{
    /// <summary>Gets the workspace that shares its data, together with <see cref="SharingKeyId"/>; unset, the client's own.</summary>
    public string? WorkspaceId { get; init; }

    public string? SharingKeyId { get; init; }

    public bool WithRefreshToken { get; init; } = true;
}
