using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Signing.AspNetCore;

// One reading of the section: workspaces and applications first, then the credentials that name them.
//
//   "Workspaces":   { "acme": { "Enabled": false } }
//   "Applications": { "orders": { "Name": "Order import", "Workspace": "acme", "Status": "suspended" } }
//   "Credentials":  [ { "Key": "…", "Secret": "…", "Application": "orders" } ]
//
// The first two are optional. Once one of them is there, each credential's must stand in it, so that a misspelt
// suspension is found and not without effect. Their ids are keys of configuration, which ignores case.
internal sealed class CredentialReading
{
    private readonly ConfigurationFailures _failures;
    private readonly Dictionary<string, bool> _workspaces = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (string? Name, string? Workspace, bool Suspended)> _applications = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    private readonly List<Credential> _credentials = [];

    private CredentialReading(IConfigurationSection section, ConfigurationFailures failures)
    {
        _failures = failures;
        foreach (IConfigurationSection workspace in ConfigurationEntry.ElementsOf(section.GetSection("Workspaces"), failures))
        {
            ConfigurationEntry entry = new(workspace, failures, "Enabled");
            _workspaces[workspace.Key] = entry.Choice("Enabled", true, ("true", true), ("false", false));
        }

        foreach (IConfigurationSection application in ConfigurationEntry.ElementsOf(section.GetSection("Applications"), failures))
        {
            ConfigurationEntry entry = new(application, failures, "Name", "Workspace", "Status");
            bool suspended = entry.Choice("Status", false, ("active", false), ("suspended", true));
            _applications[application.Key] = (entry.Text("Name"), entry.Text("Workspace"), suspended);
        }

        foreach (IConfigurationSection credential in ConfigurationEntry.ElementsOf(section.GetSection("Credentials"), failures))
        {
            Read(credential);
        }
    }

    // The answer counts only if there are no failures.
    public static IReadOnlyList<Credential> Read(IConfigurationSection section, ConfigurationFailures failures)
        => new CredentialReading(section, failures)._credentials;

    private void Read(IConfigurationSection section)
    {
        ConfigurationEntry entry = new(
            section, _failures, "Key", "Secret", "Secrets", "Id", "Name", "Application", "Workspace", "Environment", "Scopes", "NotBefore", "Expires", "Status");
        StoredStatus status = entry.Choice(
            "Status", StoredStatus.Active, ("active", StoredStatus.Active), ("suspended", StoredStatus.Suspended), ("revoked", StoredStatus.Revoked));
        if (ReadKey(entry) is not { } key)
        {
            return;
        }

        // A revoked credential keeps no Secret in memory, whether or not configuration still has it.
        List<CredentialSecret> secrets = status == StoredStatus.Revoked ? [] : ReadSecrets(entry, key);
        string? applicationId = entry.Text("Application");
        (string? applicationName, string? workspaceId, bool applicationSuspended) = FindApplication(entry, applicationId);
        _credentials.Add(new Credential(key, [.. secrets])
        {
            Id = entry.Text("Id") ?? key,
            Name = entry.Text("Name") ?? NameOf(section),
            ApplicationId = applicationId,
            ApplicationName = applicationName,
            ApplicationSuspended = applicationSuspended,
            WorkspaceId = workspaceId,
            WorkspaceDisabled = IsDisabled(entry, workspaceId),
            Environment = entry.Text("Environment"),
            Scopes = entry.Scopes("Scopes"),
            NotBefore = entry.Instant("NotBefore"),
            Expires = entry.Instant("Expires"),
            Status = status,
        });

        if (_credentials[^1] is { NotBefore: { } begin, Expires: { } end } && end <= begin)
        {
            _failures.Add(entry.PathOf("Expires"), "is not later than NotBefore");
        }
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

        try
        {
            secrets.Add(new CredentialSecret(new SigningKey(key, secret), until));
        }
        catch (ArgumentException)
        {
            _failures.Add(path, $"is not a Secret: at least {SignatureLimits.MinSecretBytes} bytes of valid Unicode text");
        }
    }

    private (string? Name, string? Workspace, bool Suspended) FindApplication(ConfigurationEntry entry, string? id)
    {
        string? workspace = entry.Text("Workspace");
        if (id is null || _applications.Count == 0)
        {
            return (null, workspace, false);
        }

        if (!_applications.TryGetValue(id, out (string? Name, string? Workspace, bool Suspended) application))
        {
            _failures.Add(entry.PathOf("Application"), "is not one of Applications");
            return (null, workspace, false);
        }

        if (workspace is not null && application.Workspace is not null && workspace != application.Workspace)
        {
            _failures.Add(entry.PathOf("Workspace"), "is not the workspace of its application");
        }

        return application with { Workspace = workspace ?? application.Workspace };
    }

    private bool IsDisabled(ConfigurationEntry entry, string? workspace)
    {
        if (workspace is null || _workspaces.Count == 0)
        {
            return false;
        }

        if (!_workspaces.TryGetValue(workspace, out bool enabled))
        {
            _failures.Add(entry.Has("Workspace") ? entry.PathOf("Workspace") : entry.PathOf("Application"), "leads to a workspace that is not one of Workspaces");
        }

        return !enabled;
    }

    // The name under which an object has it; the position in a list is none.
    private static string? NameOf(IConfigurationSection section)
        => int.TryParse(section.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : section.Key;
}
