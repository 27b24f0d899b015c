using Microsoft.Extensions.Configuration;

namespace Signing.AspNetCore;

// The workspaces and applications of one reading, which everything else names.
//
//   "Workspaces":   { "acme": { "Enabled": false } }
//   "Applications": { "orders": { "Name": "Order import", "Workspace": "acme", "Status": "suspended" } }
//
// Both are optional. Once one of them is there, whatever is named must stand in it, so that a misspelt suspension is found and
// not without effect. Their ids are keys of configuration, which ignores case.
internal sealed class ConfiguredSurroundings
{
    private readonly ConfigurationFailures _failures;
    private readonly Dictionary<string, bool> _workspaces = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (string? Name, string? Workspace, bool Suspended)> _applications = new(StringComparer.OrdinalIgnoreCase);

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
            ConfigurationEntry entry = new(application, failures, "Name", "Workspace", "Status");
            bool suspended = entry.Choice("Status", false, ("active", false), ("suspended", true));
            _applications[application.Key] = (entry.Text("Name"), entry.Text("Workspace"), suspended);
        }
    }

    public (string? Name, string? Workspace, bool Suspended) FindApplication(ConfigurationEntry entry, string? id)
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

    public bool IsDisabled(ConfigurationEntry entry, string? workspace) =>
        IsDisabled(entry.Has("Workspace") ? entry.PathOf("Workspace") : entry.PathOf("Application"), workspace);

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
}
