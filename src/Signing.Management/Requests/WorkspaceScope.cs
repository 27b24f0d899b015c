using Microsoft.AspNetCore.Http;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>The workspaces that the user of a request may see; the one place where <see cref="ManagementOptions.Workspaces"/> is applied.</summary>
internal sealed class WorkspaceScope
{
    private WorkspaceScope(IReadOnlyCollection<string>? ids) => Ids = ids;

    /// <summary>The ids; <see langword="null"/> for all.</summary>
    public IReadOnlyCollection<string>? Ids { get; }

    /// <summary>Whether the user sees every workspace, as the people of the API's provider do.</summary>
    public bool IsWhole => Ids is null;

    public static async ValueTask<WorkspaceScope> OfAsync(HttpContext context, ManagementOptions options, ICredentialStore store)
    {
        if (options.Workspaces is null || await options.Workspaces(context).ConfigureAwait(false) is not { } ids)
        {
            return new WorkspaceScope(null);
        }

        // To its own people, a workspace whose API access is switched off is not there.
        List<string> enabled = [];
        foreach (string id in ids.Distinct(StringComparer.Ordinal))
        {
            if (await store.GetAsync<WorkspaceRecord>(id, context.RequestAborted).ConfigureAwait(false) is { Enabled: true })
            {
                enabled.Add(id);
            }
        }

        return new WorkspaceScope(enabled);
    }

    public bool Sees(string? workspaceId) => workspaceId is not null && (Ids is null || Ids.Contains(workspaceId, StringComparer.Ordinal));

    // A sharing key is seen from both sides.
    public bool Sees(IStoredRow row) => Owns(row) || (row is SharingKeyRecord sharingKey && Sees(sharingKey.GranteeWorkspaceId));

    /// <summary>Says whether the row belongs to a workspace of the user's, so that they may change it.</summary>
    public bool Owns(IStoredRow row) => row switch
    {
        WorkspaceRecord => Sees(row.Id),
        ApplicationRecord application => Sees(application.WorkspaceId),
        CredentialRecord credential => Sees(credential.WorkspaceId),
        SharingKeyRecord sharingKey => Sees(sharingKey.GrantorWorkspaceId),
        _ => false,
    };
}
