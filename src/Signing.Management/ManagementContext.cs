using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>What every request to the management leans on.</summary>
internal sealed record ManagementContext(
    ManagementOptions Options, ManagementAccess Access, ICredentialStore Store, CredentialAdministration Administration, TimeProvider Time, AuditPlaces Places);
