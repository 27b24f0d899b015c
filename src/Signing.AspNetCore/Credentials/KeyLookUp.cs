namespace Signing.AspNetCore;

/// <summary>RFC 9421 §3.2. Finds the credential of the key id that a message names; its header fields and its URL are asked for alike.</summary>
internal sealed class KeyLookUp(ICredentialSource credentials, Action<Exception> failed)
{
    private readonly CredentialLookUp _lookUp = new(failed);

    /// <summary>Finds the credential, without waiting or allocating if it is in memory.</summary>
    public ValueTask<SourceAnswer<Credential>> FindAsync(ReadOnlySpan<char> key, CancellationToken aborted) =>
        _lookUp.TryFindNow(credentials, key, out SourceAnswer<Credential> answer)
            ? ValueTask.FromResult(answer)
            : _lookUp.FindAsync(credentials.FindAsync, key.ToString(), aborted);

    /// <summary>Gives the Secrets that a MAC is checked with: none of a key that nobody has, or whose Secret is destroyed.</summary>
    public static ReadOnlySpan<SigningKey> SecretsOf(in SourceAnswer<Credential> found) => found.Row is { } row ? row.Secrets : default;

    /// <summary>Says what a refusal by the message, or by its MAC, tells of the credential.</summary>
    /// <param name="found">What the source has said.</param>
    /// <param name="refusal">Why the message is refused.</param>
    /// <returns>Nothing where the message has no signature base: that is refused alike whether its key exists or not, or the answer would tell strangers which keys there are.</returns>
    public static CredentialStatus StatusOf(in SourceAnswer<Credential> found, SignatureStatus refusal)
    {
        if (refusal != SignatureStatus.InvalidCredential && !found.IsUnavailable)
        {
            return CredentialStatus.None;
        }

        // Its Secret is destroyed, so nobody can prove to be its holder any more.
        return found.Row is { Secrets.IsEmpty: true } ? CredentialStatus.Revoked : found.Status;
    }
}
