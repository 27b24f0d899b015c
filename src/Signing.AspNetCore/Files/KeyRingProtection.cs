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

    /// <summary>Whether the framework encrypts the ring for which the host has chosen no repository: for the user of Windows, and nowhere else.</summary>
    /// <remarks>On Azure App Service it keeps the ring in plain below HOME, which all instances share, whatever the system; these two variables are how it knows.</remarks>
    public static bool IsEncryptedByTheFramework(bool isWindows, Func<string, string?> environment) =>
        isWindows && (string.IsNullOrEmpty(environment("WEBSITE_INSTANCE_ID")) || string.IsNullOrEmpty(environment("HOME")));

    private bool IsEncrypted()
    {
        if (options.XmlRepository is null)
        {
            return options.XmlEncryptor is not null || IsEncryptedByTheFramework(OperatingSystem.IsWindows(), Environment.GetEnvironmentVariable);
        }

        return options.XmlEncryptor is not null and not NullXmlEncryptor
            && options.XmlRepository.GetAllElements()
                .Where(element => element.Name.LocalName == KeyElement)
                .All(key => key.Descendants().Any(part =>
                    part.Name.LocalName == EncryptedElement
                    && ((string?)part.Attribute(DecryptorAttribute))?.Contains(nameof(NullXmlDecryptor), StringComparison.Ordinal) != true));
    }
}
