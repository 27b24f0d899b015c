namespace Signing.AspNetCore;

/// <summary>Finds ApiTokens by the hash of what a request carries.</summary>
/// <remarks>
/// A source that cannot answer throws, and the server answers 503 <c>credential_store_unavailable</c>: it must never say
/// <see langword="null"/> for a hash it could not look up.
/// </remarks>
public interface IApiTokenSource
{
    /// <summary>Looks a hash up in what is already in memory, without waiting and without allocating.</summary>
    /// <param name="hash">The hash of the text that came in the message.</param>
    /// <param name="token">The credential, or <see langword="null"/> if the hash is known to be unknown.</param>
    /// <returns><see langword="true"/> if the answer is known now; <see langword="false"/> if <see cref="FindAsync"/> must be asked.</returns>
    bool TryGetCached(in TokenHash hash, out Credential? token);

    /// <summary>Looks a hash up.</summary>
    /// <param name="hash">The hash of the text that came in the message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The current version of the credential, or <see langword="null"/> if no ApiToken has this hash.</returns>
    ValueTask<Credential?> FindAsync(TokenHash hash, CancellationToken cancellationToken);
}
