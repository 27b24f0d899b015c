using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Signing.AspNetCore;

/// <summary>Seals Secrets for the disk by Data Protection, each for its own credential and version: a copy in another row does not open.</summary>
/// <remarks>Whoever has the key ring and the store has the Secrets: encrypt the key ring.</remarks>
public sealed class SecretSeal
{
    private const string Application = "Signing.AspNetCore";
    // What Data Protection begins everything with: four bytes of its own, and the id of the key.
    private const int HeaderLength = 4 + 16;

    private const string CanaryText = "If this opens, so do the Secrets.";

    private readonly IDataProtectionProvider _protection;

    /// <summary>Creates a seal of a key ring.</summary>
    /// <param name="protection">The host's Data Protection.</param>
    public SecretSeal(IDataProtectionProvider protection)
    {
        ArgumentNullException.ThrowIfNull(protection);
        _protection = protection;
    }

    /// <summary>Seals a text.</summary>
    /// <param name="credentialId">The id of its credential.</param>
    /// <param name="version">Its version.</param>
    /// <param name="text">The Secret as it is shown, whose UTF-8 bytes are the key.</param>
    /// <returns>The sealed text, for <see cref="SecretRecord.Sealed"/>.</returns>
    public byte[] Seal(string credentialId, int version, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(credentialId);
        ArgumentException.ThrowIfNullOrEmpty(text);
        byte[] clear = Encoding.UTF8.GetBytes(text);
        byte[] @sealed = ProtectorOf(credentialId, version).Protect(clear);
        CryptographicOperations.ZeroMemory(clear);
        return @sealed;
    }

    /// <summary>Opens a sealed text.</summary>
    /// <param name="credentialId">The id of its credential.</param>
    /// <param name="version">Its version.</param>
    /// <param name="sealed">What <see cref="Seal"/> returned.</param>
    /// <returns>The UTF-8 bytes of the Secret; zero them after use.</returns>
    /// <exception cref="CryptographicException">It was sealed with another key ring, or for another credential or version.</exception>
    public byte[] Open(string credentialId, int version, ReadOnlyMemory<byte> @sealed) => ProtectorOf(credentialId, version).Unprotect(@sealed.ToArray());

    // Null: the seal is of the newest key of the ring already.
    internal byte[]? Renew(string credentialId, int version, ReadOnlyMemory<byte> @sealed) => Renew(ProtectorOf(credentialId, version), @sealed);

    internal byte[] SealCanary() => CanaryProtector().Protect(Encoding.UTF8.GetBytes(CanaryText));

    /// <summary>Gets what everything begins with that is sealed with the newest key of the ring.</summary>
    internal byte[] NewestHeader() => SealCanary()[..HeaderLength];

    internal byte[]? RenewCanary(ReadOnlyMemory<byte> canary) => Renew(CanaryProtector(), canary);

    internal bool OpensCanary(ReadOnlyMemory<byte> canary)
    {
        try
        {
            return CanaryProtector().Unprotect(canary.ToArray()).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(CanaryText));
        }
        catch (CryptographicException)
        {
            // Whatever is wrong with it, the Secrets beside it would not open either.
            return false;
        }
    }

    private static byte[]? Renew(IDataProtector protector, ReadOnlyMemory<byte> @sealed)
    {
        if (protector is not IPersistedDataProtector persisted)
        {
            return null;
        }

        byte[] clear = persisted.DangerousUnprotect(@sealed.ToArray(), ignoreRevocationErrors: false, out bool isOld, out _);
        byte[]? renewed = isOld ? persisted.Protect(clear) : null;
        CryptographicOperations.ZeroMemory(clear);
        return renewed;
    }

    private IDataProtector ProtectorOf(string credentialId, int version) =>
        _protection.CreateProtector(Application, "credential secret", credentialId, version.ToString(CultureInfo.InvariantCulture));

    private IDataProtector CanaryProtector() => _protection.CreateProtector(Application, "credential canary");
}
