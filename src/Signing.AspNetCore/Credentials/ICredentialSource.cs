namespace Signing.AspNetCore;

/// <summary>Finds credentials by their key id.</summary>
/// <remarks>
/// A source that cannot answer throws, and the server answers 503 <c>credential_store_unavailable</c>: it must never say
/// <see langword="null"/> for a key it could not look up.
/// </remarks>
public interface ICredentialSource
{
    /// <summary>Looks a key id up in what is already in memory, without waiting and without allocating.</summary>
    /// <param name="key">The key id as it came in the message: untrusted, compared ordinally.</param>
    /// <param name="credential">The credential, or <see langword="null"/> if the key id is known to be unknown.</param>
    /// <returns><see langword="true"/> if the answer is known now; <see langword="false"/> if <see cref="FindAsync"/> must be asked.</returns>
    bool TryGetCached(ReadOnlySpan<char> key, out Credential? credential);

    /// <summary>Looks a key id up.</summary>
    /// <param name="key">The key id as it came in the message: untrusted, compared ordinally.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The current version of the credential, or <see langword="null"/> if no credential has this key id.</returns>
    ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken);
}
