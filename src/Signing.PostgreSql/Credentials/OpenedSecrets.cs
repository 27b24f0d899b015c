using System.Security.Cryptography;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>The keys that Secrets were opened to, kept by their credential: what changes around a Secret does not have it opened again.</summary>
internal sealed class OpenedSecrets(SecretSeal seal, RingRenewal ring, int capacity)
{
    private readonly LookUps<string, Opened[]> _known = new(capacity, StringComparer.Ordinal);

    /// <summary>Gets the key of a Secret that is not destroyed.</summary>
    /// <exception cref="CryptographicException">It was sealed with another key ring, or for another credential or version.</exception>
    public SigningKey KeyOf(CredentialRecord row, SecretRecord secret)
    {
        if (Find(row, secret) is { } known)
        {
            return known;
        }

        SigningKey key = Open(row, secret);
        _known.TryGet(row.Id, out Opened[]? others);
        Opened[] kept = [.. (others ?? []).Where(other => other.Version != secret.Version), new Opened(secret.Version, secret.Sealed!.Value, key)];

        // What it is opened from stands beside each key, so that an entry may be late but never wrong.
        _known.Keep(row.Id, kept, long.MaxValue);
        return key;
    }

    /// <summary>Requires that every Secret of a row opens; keeps none.</summary>
    /// <exception cref="CryptographicException">One was sealed with another key ring, or for another credential or version.</exception>
    public void Require(CredentialRecord row)
    {
        foreach (SecretRecord secret in row.Secrets)
        {
            if (row.Kind == CredentialKind.KeyPair && secret.Sealed is not null && Find(row, secret) is null)
            {
                Open(row, secret).Dispose();
            }
        }
    }

    // Keys are left to the garbage collector, undisposed: a request may just be verifying with one.
    public void Forget(string credentialId) => _known.Forget(0, credentialId);

    public void ForgetAll() => _known.ForgetAll(0);

    // Another node may have sealed it with a key that it has just made.
    private SigningKey Open(CredentialRecord row, SecretRecord secret)
    {
        try
        {
            return LiveRows.KeyOf(seal, row, secret);
        }
        catch (CryptographicException)
        {
            ring.Renew();
            return LiveRows.KeyOf(seal, row, secret);
        }
    }

    private SigningKey? Find(CredentialRecord row, SecretRecord secret)
    {
        _known.TryGet(row.Id, out Opened[]? opened);
        foreach (Opened one in opened ?? [])
        {
            if (one.Version == secret.Version && one.Key.KeyId == row.Key && one.Sealed.Span.SequenceEqual(secret.Sealed!.Value.Span))
            {
                return one.Key;
            }
        }

        return null;
    }

    private readonly record struct Opened(int Version, ReadOnlyMemory<byte> Sealed, SigningKey Key);
}
