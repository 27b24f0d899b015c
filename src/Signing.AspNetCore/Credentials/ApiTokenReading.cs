using Microsoft.Extensions.Configuration;

namespace Signing.AspNetCore;

// The ApiTokens of one reading.
//
//   "ApiTokens": { "nightly import": { "Hash": "9f86d0…", "Application": "orders", "Scopes": "orders.read", "Parent": "acme_key_live_…" } }
//
// A token from a vault may stand in "Token" instead of its hash; only the hash is kept. A long-lived token belongs where the
// KeyPair belongs that it was made from.
internal sealed class ApiTokenReading
{
    private const int HashCharactersInId = 16;

    private readonly ConfigurationFailures _failures;
    private readonly ConfiguredSurroundings _surroundings;
    private readonly Dictionary<string, Credential> _parents;
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<TokenHash, string> _hashPaths = [];
    private readonly List<KeyValuePair<TokenHash, Credential>> _tokens = [];

    private ApiTokenReading(
        IConfigurationSection section, ConfiguredSurroundings surroundings, IReadOnlyList<Credential> keyPairs, ConfigurationFailures failures)
    {
        _failures = failures;
        _surroundings = surroundings;
        _parents = keyPairs.ToDictionary(credential => credential.Key, StringComparer.Ordinal);
        foreach (IConfigurationSection token in ConfigurationEntry.ElementsOf(section.GetSection("ApiTokens"), failures))
        {
            Read(token);
        }
    }

    // The answer counts only if there are no failures.
    public static IReadOnlyList<KeyValuePair<TokenHash, Credential>> Read(
        IConfigurationSection section, ConfiguredSurroundings surroundings, IReadOnlyList<Credential> keyPairs, ConfigurationFailures failures)
        => new ApiTokenReading(section, surroundings, keyPairs, failures)._tokens;

    // The prefix is whatever the token begins with: a scheme with another does not read it.
    private static bool IsApiToken(string text) =>
        text.IndexOf('_', StringComparison.Ordinal) is > 0 and var end
        && CredentialFormat.IsPrefix(text[..end])
        && new CredentialFormat(text[..end]).TryRead(text, out CredentialText parts)
        && parts.Kind == CredentialTextKind.ApiToken;

    private void Read(IConfigurationSection section)
    {
        ConfigurationEntry entry = new(
            section, _failures, "Token", "Hash", "Id", "Name", "Parent", "Application", "Workspace", "Environment", "Scopes", "NotBefore", "Expires", "Status");
        if (entry.Hash("Token", "Hash", IsApiToken, "an ApiToken: prefix_token_environment_ and its random characters, with their checksum") is not { } hash)
        {
            return;
        }

        string? name = entry.Text("Name") ?? ConfigurationEntry.NameOf(section);
        string id = entry.Text("Id") ?? name ?? hash.ToString()[..HashCharactersInId];
        Credential? parent = FindParent(entry, out string? parentKey);
        ConfiguredPlace place = _surroundings.PlaceOf(entry, parent);
        _tokens.Add(new(hash, new Credential(id)
        {
            Kind = CredentialKind.ApiToken,
            Id = id,
            Name = name,
            ParentKey = parentKey,
            ApplicationId = place.ApplicationId,
            ApplicationName = place.ApplicationName,
            ApplicationSuspended = place.IsSuspended,
            ConnectedApis = place.Apis,
            WorkspaceId = place.WorkspaceId,
            WorkspaceDisabled = place.IsDisabled,
            Environment = entry.Text("Environment"),
            Scopes = entry.Scopes(),
            NotBefore = entry.Instant("NotBefore"),
            Expires = entry.Instant("Expires"),
            Status = entry.Status(),
        }));
        entry.RequireOrder("NotBefore", _tokens[^1].Value.NotBefore, "Expires", _tokens[^1].Value.Expires);
        RequireOnlyOne(entry, hash, id);
    }

    private Credential? FindParent(ConfigurationEntry entry, out string? key)
    {
        key = entry.Text("Parent");
        if (key is null || _parents.Count == 0)
        {
            return null;
        }

        if (!_parents.TryGetValue(key, out Credential? parent))
        {
            _failures.Add(entry.PathOf("Parent"), "is not the Key of one of Credentials");
        }

        return parent;
    }

    // What a user is called must not be the name of somebody else.
    private void RequireOnlyOne(ConfigurationEntry entry, TokenHash hash, string id)
    {
        if (!_hashPaths.TryAdd(hash, entry.Path))
        {
            _failures.Add(entry.Path, $"is the same token as {_hashPaths[hash]}");
        }

        if (_parents.ContainsKey(id))
        {
            _failures.Add(entry.Path, "is called by the Key of one of Credentials");
        }

        if (!_paths.TryAdd(id, entry.Path))
        {
            _failures.Add(entry.Path, $"has the same Id as {_paths[id]}");
        }
    }
}
