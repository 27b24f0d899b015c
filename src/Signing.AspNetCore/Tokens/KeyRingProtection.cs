using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

// Whether the Data Protection key ring is encrypted where it is stored. The framework warns of an unencrypted one in its log
// and goes on; here the ring seals what all tokens are made with.
internal sealed class KeyRingProtection(KeyManagementOptions options, bool isDevelopment, bool isAllowed, ILogger logger)
{
    private const string KeyElement = "key";
    private const string EncryptedElement = "encryptedSecret";

    public void Check()
    {
        if (IsEncrypted())
        {
            return;
        }

        if (!isDevelopment && !isAllowed)
        {
            throw new TokenStartException(
                TokenStartFault.UnprotectedKeyRing,
                "The Data Protection key ring that seals the master key of the tokens is not encrypted, and the host runs outside Development. Call AddDataProtection() with one of the "
                + "ProtectKeysWith… methods, or set TokenOptions.AllowUnprotectedKeyRing if the ring's storage is protected otherwise. A ring written before must be encrypted too.");
        }

        logger.KeyRingUnprotected();
    }

    private bool IsEncrypted()
    {
        // Without a repository of the host's choice, the framework encrypts its own for the user on Windows, and nowhere else.
        if (options.XmlRepository is null)
        {
            return options.XmlEncryptor is not null || OperatingSystem.IsWindows();
        }

        return options.XmlEncryptor is not null
            && options.XmlRepository.GetAllElements()
                .Where(element => element.Name.LocalName == KeyElement)
                .All(key => key.Descendants().Any(part => part.Name.LocalName == EncryptedElement));
    }
}
