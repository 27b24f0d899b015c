using System.Collections.Frozen;

namespace Signing.AspNetCore;

// The credentials of one reading, found by a slice of the message.
//
// A snapshot that is replaced is left to the garbage collector, its keys undisposed: a request may just be verifying with
// one, and a key that is disposed of under it would refuse a holder who has done nothing wrong. Zeroing would gain nothing
// here either, since the configuration holds the same Secrets as text.
internal sealed class CredentialSnapshot
{
    private readonly FrozenDictionary<string, Credential>.AlternateLookup<ReadOnlySpan<char>> _byKey;

    public CredentialSnapshot(IReadOnlyCollection<Credential> credentials)
    {
        _byKey = credentials
            .ToFrozenDictionary(credential => credential.Key, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count => _byKey.Dictionary.Count;

    public Credential? Find(ReadOnlySpan<char> key) => _byKey.TryGetValue(key, out Credential? credential) ? credential : null;
}
