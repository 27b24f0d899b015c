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

    /// <summary>Says whether there is a Secret that a MAC could be checked with.</summary>
    /// <param name="found">What was found; it says so if the credential is revoked.</param>
    /// <param name="refusal">Why there is none.</param>
    public static bool HasSecret(ref SourceAnswer<Credential> found, out SignatureStatus refusal)
    {
        refusal = found.IsUnavailable ? SignatureStatus.NotVerified : SignatureStatus.InvalidCredential;
        if (found.Row is { Secrets.IsEmpty: true })
        {
            // Its Secret is destroyed, so nobody can prove to be its holder any more.
            found = found with { Status = CredentialStatus.Revoked };
            return false;
        }

        return found.Row is not null;
    }
}
