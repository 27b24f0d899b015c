using Microsoft.Extensions.Configuration;

namespace Signing.AspNetCore;

// The sharing keys of one reading.
//
//   "SharingKeys": { "acme-to-beta": { "Hash": "9f86d0…", "Workspace": "acme", "GranteeWorkspace": "beta", "Scopes": "orders.read" } }
//
// The workspace is the one that grants. Without a grantee, the key belongs to the one who uses it first.
internal sealed class SharingKeyReading
{
    // Secrets are to be unguessable; what is shorter than this may have been typed.
    private const int MinLength = 16;
    private const int HashCharactersInId = 16;

    private readonly ConfigurationFailures _failures;
    private readonly ConfiguredSurroundings _surroundings;
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<TokenHash, string> _hashPaths = [];
    private readonly List<KeyValuePair<TokenHash, SharingKey>> _keys = [];

    private SharingKeyReading(IConfigurationSection section, ConfiguredSurroundings surroundings, ConfigurationFailures failures)
    {
        _failures = failures;
        _surroundings = surroundings;
        foreach (IConfigurationSection key in ConfigurationEntry.ElementsOf(section.GetSection("SharingKeys"), failures))
        {
            Read(key);
        }
    }

    // The answer counts only if there are no failures.
    public static IReadOnlyList<KeyValuePair<TokenHash, SharingKey>> Read(
        IConfigurationSection section, ConfiguredSurroundings surroundings, ConfigurationFailures failures)
        => new SharingKeyReading(section, surroundings, failures)._keys;

    private void Read(IConfigurationSection section)
    {
        ConfigurationEntry entry = new(
            section, _failures, "Key", "Hash", "Id", "Name", "Workspace", "GranteeWorkspace", "GranteeApplication", "Scopes", "Expires", "Status");
        TokenHash? hash = entry.Hash("Key", "Hash", text => text.Length >= MinLength, $"a sharing key: at least {MinLength} characters");
        if (entry.RequiredText("Workspace") is not { } grantor || hash is null)
        {
            return;
        }

        string? name = entry.Text("Name") ?? ConfigurationEntry.NameOf(section);
        string id = entry.Text("Id") ?? name ?? hash.Value.ToString()[..HashCharactersInId];
        string? workspace = entry.Text("GranteeWorkspace");
        string? application = entry.Text("GranteeApplication");
        if (workspace is not null && application is not null)
        {
            _failures.Add(entry.Path, "has both GranteeWorkspace and GranteeApplication");
        }

        _surroundings.IsDisabled(entry.PathOf("GranteeWorkspace"), workspace);
        _surroundings.RequireApplication(entry.PathOf("GranteeApplication"), application);
        _keys.Add(new(hash.Value, new SharingKey(id, grantor)
        {
            Name = name,
            GrantorDisabled = _surroundings.IsDisabled(entry.PathOf("Workspace"), grantor),
            GranteeWorkspaceId = workspace,
            GranteeApplicationId = application,
            Scopes = entry.Scopes(),
            Expires = entry.Instant("Expires"),
            Status = entry.Status(),
        }));
        if (!_hashPaths.TryAdd(hash.Value, entry.Path))
        {
            _failures.Add(entry.Path, $"is the same sharing key as {_hashPaths[hash.Value]}");
        }

        if (!_paths.TryAdd(id, entry.Path))
        {
            _failures.Add(entry.Path, $"has the same Id as {_paths[id]}");
        }
    }
}
