using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;

namespace Signing.AspNetCore;

// The credentials and sharing keys of one reading: KeyPairs found by a slice of the message, the others by their hash.
//
// A snapshot that is replaced is left to the garbage collector, its keys undisposed: a request may just be verifying with
// one, and a key that is disposed of under it would refuse a holder who has done nothing wrong. Zeroing would gain nothing
// here either, since the configuration holds the same Secrets as text.
internal sealed class CredentialSnapshot
{
    public static readonly CredentialSnapshot Empty = new([], [], []);

    private readonly FrozenDictionary<string, Credential>.AlternateLookup<ReadOnlySpan<char>> _byKey;
    private readonly FrozenDictionary<TokenHash, Credential> _tokens;
    private readonly FrozenDictionary<TokenHash, SharingKey> _sharingKeys;
    private readonly FrozenDictionary<string, SharingKey> _sharingKeysById;

    private CredentialSnapshot(
        IReadOnlyCollection<Credential> keyPairs,
        IReadOnlyCollection<KeyValuePair<TokenHash, Credential>> tokens,
        IReadOnlyCollection<KeyValuePair<TokenHash, SharingKey>> sharingKeys)
    {
        _byKey = keyPairs
            .ToFrozenDictionary(credential => credential.Key, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = tokens.ToFrozenDictionary();
        _sharingKeys = sharingKeys.ToFrozenDictionary();
        _sharingKeysById = sharingKeys.ToFrozenDictionary(key => key.Value.Id, key => key.Value, StringComparer.Ordinal);
    }

    public int KeyPairs => _byKey.Dictionary.Count;

    public int Tokens => _tokens.Count;

    public int SharingKeys => _sharingKeys.Count;

    /// <summary>Reads the section; <see langword="null"/> if there are failures.</summary>
    public static CredentialSnapshot? Read(IConfigurationSection section, ConfigurationFailures failures)
    {
        ConfigurationNames.Check(section, failures);
        ConfiguredSurroundings surroundings = new(section, failures);
        IReadOnlyList<Credential> keyPairs = CredentialReading.Read(section, surroundings, failures);
        var tokens = ApiTokenReading.Read(section, surroundings, keyPairs, failures);
        var sharingKeys = SharingKeyReading.Read(section, surroundings, failures);
        return failures.Any ? null : new CredentialSnapshot(keyPairs, tokens, sharingKeys);
    }

    public Credential? Find(ReadOnlySpan<char> key) => _byKey.TryGetValue(key, out Credential? credential) ? credential : null;

    public Credential? Find(in TokenHash hash) => _tokens.GetValueOrDefault(hash);

    public SharingKey? FindSharingKey(in TokenHash hash) => _sharingKeys.GetValueOrDefault(hash);

    public SharingKey? FindSharingKey(string id) => _sharingKeysById.GetValueOrDefault(id);
}
