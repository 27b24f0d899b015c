using Microsoft.Extensions.Configuration;

namespace Signing.AspNetCore;

// The workspaces and applications of one reading, which everything else names.
//
//   "Workspaces":   { "acme": { "Enabled": false } }
//   "Applications": { "orders": { "Name": "Order import", "Workspace": "acme", "Status": "suspended", "Apis": [ "orders" ] } }
//
// Both are optional. Once one of them is there, whatever is named must stand in it, so that a misspelt suspension is found and
// not without effect. Their ids are keys of configuration, which ignores case.
internal sealed class ConfiguredSurroundings
{
    private readonly ConfigurationFailures _failures;
    private readonly Dictionary<string, bool> _workspaces = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ConfiguredApplication> _applications = new(StringComparer.OrdinalIgnoreCase);

    public ConfiguredSurroundings(IConfigurationSection section, ConfigurationFailures failures)
    {
        _failures = failures;
        foreach (IConfigurationSection workspace in ConfigurationEntry.ElementsOf(section.GetSection("Workspaces"), failures))
        {
            ConfigurationEntry entry = new(workspace, failures, "Enabled");
            _workspaces[workspace.Key] = entry.Choice("Enabled", true, ("true", true), ("false", false));
        }

        foreach (IConfigurationSection application in ConfigurationEntry.ElementsOf(section.GetSection("Applications"), failures))
        {
            ConfigurationEntry entry = new(application, failures, "Name", "Workspace", "Status", "Apis");
            bool suspended = entry.Choice("Status", false, ("active", false), ("suspended", true));
            _applications[application.Key] = new ConfiguredApplication(entry.Text("Name"), entry.Text("Workspace"), suspended, entry.Apis());
        }
    }

    // A long-lived token belongs where its parent belongs, unless its entry says otherwise.
    public ConfiguredPlace PlaceOf(ConfigurationEntry entry, Credential? parent = null)
    {
        string? applicationId = entry.Text("Application") ?? parent?.ApplicationId;
        ConfiguredApplication application = FindApplication(entry, applicationId);
        string? workspaceId = application.Workspace ?? parent?.WorkspaceId;
        string path = entry.Has("Workspace") ? entry.PathOf("Workspace") : entry.PathOf("Application");
        return new ConfiguredPlace(applicationId, application.Name, application.IsSuspended, application.Apis, workspaceId, IsDisabled(path, workspaceId));
    }

    public bool IsDisabled(string path, string? workspace)
    {
        if (workspace is null || _workspaces.Count == 0)
        {
            return false;
        }

        if (!_workspaces.TryGetValue(workspace, out bool enabled))
        {
            _failures.Add(path, "leads to a workspace that is not one of Workspaces");
        }

        return !enabled;
    }

    // The id as it is written, where it is one that is known here.
    public void RequireApplication(string path, string? id)
    {
        if (id is not null && _applications.Count > 0 && !_applications.ContainsKey(id))
        {
            _failures.Add(path, "is not one of Applications");
        }
    }

    private ConfiguredApplication FindApplication(ConfigurationEntry entry, string? id)
    {
        string? workspace = entry.Text("Workspace");
        var unknown = new ConfiguredApplication(null, workspace, false, []);
        if (id is null || _applications.Count == 0)
        {
            return unknown;
        }

        if (!_applications.TryGetValue(id, out ConfiguredApplication application))
        {
            _failures.Add(entry.PathOf("Application"), "is not one of Applications");
            return unknown;
        }

        if (workspace is not null && application.Workspace is not null && workspace != application.Workspace)
        {
            _failures.Add(entry.PathOf("Workspace"), "is not the workspace of its application");
        }

        return application with { Workspace = workspace ?? application.Workspace };
    }
}
