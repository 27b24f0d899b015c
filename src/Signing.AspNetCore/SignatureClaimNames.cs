namespace Signing.AspNetCore;

/// <summary>The types of the claims that a verified request's user carries; a claim whose value the credential lacks is absent.</summary>
public static class SignatureClaimNames
{
    /// <summary>The Key, which is the public key id of the one who acts and the name of the identity; of an ApiToken, what operators know it by.</summary>
    public const string KeyId = "key_id";

    /// <summary>The id of the credential, which stays the same when its Key changes.</summary>
    public const string CredentialId = "credential_id";

    /// <summary>The id of the application that the credential belongs to.</summary>
    public const string Application = "application_id";

    /// <summary>The id of the workspace whose data the request may touch: the application's own, or the one that granted the sharing key.</summary>
    public const string Workspace = "workspace_id";

    /// <summary>The id of the workspace that acts on another one's data; only with a sharing key.</summary>
    public const string ActingWorkspace = "acting_workspace_id";

    /// <summary>The id of the sharing key that lets one workspace act on another one's data.</summary>
    public const string SharingKey = "sharing_key_id";

    /// <summary>The environment that the credential is made for.</summary>
    public const string Environment = "environment";

    /// <summary>One API that the application of the credential is connected to; there is one claim for each.</summary>
    /// <remarks>Do not judge by it alone: an identity of another scheme may carry a claim of this name. <c>RequireConnectedApi</c> counts only ours.</remarks>
    public const string ConnectedApi = "connected_api";

    /// <summary>One scope; there is one claim for each.</summary>
    public const string Scope = "scope";
}
