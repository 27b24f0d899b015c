namespace Signing.AspNetCore;

/// <summary>Finds sharing keys: by the hash of what a client sends when it logs in, and by their id ever after.</summary>
/// <remarks>
/// A source that cannot answer throws, and the server answers 503 <c>credential_store_unavailable</c>: it must never say
/// <see langword="null"/> for a key it could not look up.
/// </remarks>
public interface ISharingKeySource
{
    /// <summary>Looks a sharing key up by the hash of its text.</summary>
    /// <param name="hash">The hash of the text that the client sent.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The current version, or <see langword="null"/> if no sharing key has this hash.</returns>
    ValueTask<SharingKey?> FindAsync(TokenHash hash, CancellationToken cancellationToken);

    /// <summary>Looks an id up in what is already in memory, without waiting and without allocating.</summary>
    /// <param name="id">The id that a grant names.</param>
    /// <param name="key">The sharing key, or <see langword="null"/> if the id is known to be unknown.</param>
    /// <returns><see langword="true"/> if the answer is known now; <see langword="false"/> if <see cref="FindByIdAsync"/> must be asked.</returns>
    bool TryGetCached(string id, out SharingKey? key);

    /// <summary>Looks an id up.</summary>
    /// <param name="id">The id that a grant names.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The current version, or <see langword="null"/> if there is no such sharing key any more.</returns>
    ValueTask<SharingKey?> FindByIdAsync(string id, CancellationToken cancellationToken);
}
