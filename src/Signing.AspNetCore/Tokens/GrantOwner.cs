namespace Signing.AspNetCore;

/// <summary>By what the grants to revoke are named.</summary>
public enum GrantOwner
{
    /// <summary>By nothing, which names no grant.</summary>
    None = 0,

    /// <summary>By the Key of the client: <see cref="Grant.ClientKey"/>.</summary>
    Client,

    /// <summary>By the id of the client's credential: <see cref="Grant.CredentialId"/>.</summary>
    Credential,

    /// <summary>By the id of the client's application: <see cref="Grant.ApplicationId"/>.</summary>
    Application,

    /// <summary>By the id of a workspace, be it the client's own or the one that shares its data: <see cref="Grant.ActingWorkspaceId"/> or <see cref="Grant.WorkspaceId"/>.</summary>
    Workspace,

    /// <summary>By the id of the sharing key: <see cref="Grant.SharingKeyId"/>.</summary>
    SharingKey,
}
