using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

// The options of the file in configuration:
//
//   "CredentialFile": { "Path": "data/credentials.json", "Prefix": "acme" }
internal static class CredentialFileReading
{
    public static void Read(IConfigurationSection section, CredentialFileOptions options)
    {
        ConfigurationFailures failures = new();
        ConfigurationEntry entry = new(section, failures, nameof(options.Path), nameof(options.Prefix), nameof(options.AllowUnprotectedKeyRing));
        options.Path = entry.Text(nameof(options.Path)) ?? options.Path;
        options.Prefix = entry.Text(nameof(options.Prefix)) ?? options.Prefix;
        options.AllowUnprotectedKeyRing = entry.Choice(nameof(options.AllowUnprotectedKeyRing), options.AllowUnprotectedKeyRing, ("true", true), ("false", false));
        if (failures.Any)
        {
            throw new OptionsValidationException(section.Path, typeof(CredentialFileOptions), failures.All);
        }
    }
}
