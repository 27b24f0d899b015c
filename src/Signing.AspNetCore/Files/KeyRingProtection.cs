using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

// Whether the Data Protection key ring is encrypted where it is stored. The framework warns of an unencrypted one in its log
// and goes on; here the ring seals what all tokens are made with, and every Secret.
internal sealed class KeyRingProtection(KeyManagementOptions options, bool isDevelopment)
{
    private const string KeyElement = "key";
    private const string EncryptedElement = "encryptedSecret";
    private const string DecryptorAttribute = "decryptorType";

    public static KeyRingProtection Of(IServiceProvider services) => new(
        services.GetRequiredService<IOptions<KeyManagementOptions>>().Value, services.GetService<IHostEnvironment>()?.IsDevelopment() ?? false);

    /// <summary>Throws the refusal if the ring is not encrypted, or warns where that is for the host to decide.</summary>
    public void Require(bool isAllowed, Action warn, Func<Exception> refusal)
    {
        if (IsEncrypted())
        {
            return;
        }

        if (!isDevelopment && !isAllowed)
        {
            throw refusal();
        }

        warn();
    }

    private bool IsEncrypted()
    {
        // Without a repository of the host's choice, the framework encrypts its own for the user on Windows, and nowhere else.
        if (options.XmlRepository is null)
        {
            return options.XmlEncryptor is not null || OperatingSystem.IsWindows();
        }

        return options.XmlEncryptor is not null and not NullXmlEncryptor
            && options.XmlRepository.GetAllElements()
                .Where(element => element.Name.LocalName == KeyElement)
                .All(key => key.Descendants().Any(part =>
                    part.Name.LocalName == EncryptedElement
                    && ((string?)part.Attribute(DecryptorAttribute))?.Contains(nameof(NullXmlDecryptor), StringComparison.Ordinal) != true));
    }
}
