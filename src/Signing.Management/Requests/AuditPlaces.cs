using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Signing.Management;

/// <summary>Seals where a page of the audit begins for those who see some workspaces: events are numbered through all of them, so a number would count what others do.</summary>
internal sealed class AuditPlaces(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Signing.Management.AuditPlaces.v1");

    public string Seal(string place) => _protector.Protect(place);

    /// <summary>Opens a place.</summary>
    /// <returns>The place, or <see langword="null"/> if it was not sealed here.</returns>
    public string? Open(string place)
    {
        try
        {
            return _protector.Unprotect(place);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
