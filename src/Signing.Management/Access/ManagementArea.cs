namespace Signing.Management;

/// <summary>What an endpoint answers with, and so how it refuses.</summary>
internal enum ManagementArea
{
    None = 0,
    Api,
    Page,
    Asset,
}
