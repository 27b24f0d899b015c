using Microsoft.Extensions.Configuration;

namespace Signing.AspNetCore;

// The KeyPairs of one reading.
//
//   "Credentials":  [ { "Key": "…", "Secret": "…", "Application": "orders" } ]
internal sealed class CredentialReading
{
    private readonly ConfigurationFailures _failures;
    private readonly ConfiguredSurroundings _surroundings;
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    private readonly List<Credential> _credentials = [];

    private CredentialReading(IConfigurationSection section, ConfiguredSurroundings surroundings, ConfigurationFailures failures)
    {
        _failures = failures;
        _surroundings = surroundings;
        foreach (IConfigurationSection credential in ConfigurationEntry.ElementsOf(section.GetSection("Credentials"), failures))
        {
            Read(credential);
        }
    }

    // The answer counts only if there are no failures.
    public static IReadOnlyList<Credential> Read(IConfigurationSection section, ConfiguredSurroundings surroundings, ConfigurationFailures failures)
        => new CredentialReading(section, surroundings, failures)._credentials;

    private void Read(IConfigurationSection section)
    {
        ConfigurationEntry entry = new(
            section, _failures, "Key", "Secret", "Secrets", "Id", "Name", "Application", "Workspace", "Environment", "Scopes", "NotBefore", "Expires", "Status",
            "ClientSecretAllowed");
        StoredStatus status = entry.Status();
        if (ReadKey(entry) is not { } key)
        {
            return;
        }

        // A revoked credential keeps no Secret in memory, whether or not configuration still has it.
        List<CredentialSecret> secrets = status == StoredStatus.Revoked ? [] : ReadSecrets(entry, key);
        ConfiguredPlace place = _surroundings.PlaceOf(entry);
        _credentials.Add(new Credential(key, [.. secrets])
        {
            Id = entry.Text("Id") ?? key,
            Name = entry.Text("Name") ?? ConfigurationEntry.NameOf(section),
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
            Status = status,
            ClientSecretAllowed = entry.Choice("ClientSecretAllowed", true, ("true", true), ("false", false)),
        });
        entry.RequireOrder("NotBefore", _credentials[^1].NotBefore, "Expires", _credentials[^1].Expires);
    }

    private string? ReadKey(ConfigurationEntry entry)
    {
        if (entry.RequiredText("Key") is not { } key)
        {
            return null;
        }

        string path = entry.PathOf("Key");
        if (key.Length > SignatureLimits.MaxKeyIdLength || key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            // RFC 9421 §2.3: keyid is a String, which carries nothing else.
            _failures.Add(path, $"is not a key id: at most {SignatureLimits.MaxKeyIdLength} printable ASCII characters");
            return null;
        }

        if (CredentialFormat.IsSecret(key))
        {
            _failures.Add(path, "has the form of a Secret or a token, which callers would send for everybody to read: exchange Key and Secret, and make a new Secret if this one was in use");
            return null;
        }

        if (!_paths.TryAdd(key, path))
        {
            _failures.Add(path, $"has the same Key as {_paths[key]}");
            return null;
        }

        return key;
    }

    private List<CredentialSecret> ReadSecrets(ConfigurationEntry entry, string key)
    {
        List<CredentialSecret> secrets = [];
        if (!entry.Has("Secrets"))
        {
            AddSecret(secrets, key, entry.PathOf("Secret"), entry.RequiredText("Secret"), until: null);
            return secrets;
        }

        if (entry.Has("Secret"))
        {
            _failures.Add(entry.Path, "has both Secret and Secrets");
            return secrets;
        }

        IReadOnlyList<IConfigurationSection> elements = entry.Elements("Secrets");
        if (elements.Count is 0 or > Credential.MaxSecrets)
        {
            _failures.Add(entry.PathOf("Secrets"), $"has not 1 to {Credential.MaxSecrets} Secrets");
            return secrets;
        }

        foreach (IConfigurationSection element in elements)
        {
            if (element.Value is not null)
            {
                AddSecret(secrets, key, element.Path, ConfigurationEntry.TextOf(element, _failures), until: null);
                continue;
            }

            ConfigurationEntry secret = new(element, _failures, "Secret", "Until");
            AddSecret(secrets, key, secret.PathOf("Secret"), secret.RequiredText("Secret"), secret.Instant("Until"));
        }

        return secrets;
    }

    private void AddSecret(List<CredentialSecret> secrets, string key, string path, string? secret, DateTimeOffset? until)
    {
        if (secret is null)
        {
            return;
        }

        if (secret == key)
        {
            // The Key is public: everybody could sign.
            _failures.Add(path, "is the Key itself");
            return;
        }

        try
        {
            secrets.Add(new CredentialSecret(new SigningKey(key, secret), until));
        }
        catch (ArgumentException)
        {
            _failures.Add(path, $"is not a Secret: at least {SignatureLimits.MinSecretBytes} bytes of valid Unicode text");
        }
    }
}
