namespace Signing.Management;

/// <summary>What a person may do here; each is a policy of the host's.</summary>
internal enum ManagementRole
{
    None = 0,
    Viewer,
    Manager,
    Revealer,
    Administrator,
    Integrations,
    ApiTokens,
}
