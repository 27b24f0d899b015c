using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Signing.AspNetCore;

// Seals the versions of the master key by Data Protection, and opens them.
internal sealed class MasterKeySeal(IDataProtectionProvider protection)
{
    public const int MasterKeySize = 32;

    public byte[] Seal(int version, byte[] master) => ProtectorOf(version).Protect(master);

    public byte[] Open(SealedMasterKey key, out bool isOldSeal)
    {
        isOldSeal = false;
        try
        {
            IDataProtector protector = ProtectorOf(key.Version);
            byte[] master = protector is IPersistedDataProtector ring
                ? ring.DangerousUnprotect(key.Sealed, ignoreRevocationErrors: false, out isOldSeal, out _)
                : protector.Unprotect(key.Sealed);
            return master.Length == MasterKeySize ? master : throw new CryptographicException("The sealed master key does not have its size.");
        }
        catch (CryptographicException exception)
        {
            throw new TokenStartException(
                TokenStartFault.WrongKeyRing,
                $"Master key version {key.Version} in the grant store does not open with this host's Data Protection key ring. Give the host the key ring and the application name "
                + "that it had when the key was sealed (PersistKeysTo…, SetApplicationName), or begin with an empty grant store, which ends all tokens.",
                exception);
        }
    }

    public void Require(SealedMasterKey key) => CryptographicOperations.ZeroMemory(Open(key, out _));

    // The purpose names the key and its version: a copy under another version, or another blob of the same ring, does not open.
    private IDataProtector ProtectorOf(int version) =>
        protection.CreateProtector("Signing.AspNetCore", "token master key", version.ToString(CultureInfo.InvariantCulture));
}
