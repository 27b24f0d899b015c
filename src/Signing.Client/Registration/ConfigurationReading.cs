using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Reads the options of a client, or of all clients, from a section: by hand, so that each message can name the setting.</summary>
internal sealed class ConfigurationReading(string? client, IConfiguration section) : IConfigureNamedOptions<MessageSigningOptions>
{
    private readonly SettingReader _settings = new(client, typeof(MessageSigningOptions), section);

    public void Configure(MessageSigningOptions options) => Configure(Options.DefaultName, options);

    // Without a name the section is for all clients.
    public void Configure(string? name, MessageSigningOptions options)
    {
        if (client is not null && !string.Equals(client, name, StringComparison.Ordinal))
        {
            return;
        }

        _settings.RefuseSlips(SettingNames.OfSigning);
        options.Key = _settings["Key"] ?? options.Key;
        options.Secret = _settings["Secret"] ?? options.Secret;
        options.Digest = _settings.Read("Digest", options.Digest, static (string text, out DigestAlgorithms value) => Enum.TryParse(text, ignoreCase: true, out value));
        options.MaxBufferedBytes = _settings.Read("MaxBufferedBytes", options.MaxBufferedBytes, static (string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));
        options.AllowPlainHttp = _settings.Read<bool>("AllowPlainHttp", options.AllowPlainHttp, bool.TryParse);
        options.LearnFromServer = _settings.Read<bool>("LearnFromServer", options.LearnFromServer, bool.TryParse);
        SigningPolicy policy = options.Policy;
        options.Policy = new SigningPolicy
        {
            Components = _settings.ReadList("Components") ?? policy.Components,
            CoverIfPresent = _settings.ReadList("CoverIfPresent") ?? policy.CoverIfPresent,
            Label = _settings["Label"] ?? policy.Label,
            Tag = _settings["Tag"] ?? policy.Tag,
            Lifetime = ReadLifetime(policy.Lifetime),
            IncludeNonce = _settings.Read<bool>("IncludeNonce", policy.IncludeNonce, bool.TryParse),
            IncludeAlgorithm = _settings.Read<bool>("IncludeAlgorithm", policy.IncludeAlgorithm, bool.TryParse),
            FieldTypes = policy.FieldTypes,
        };
    }

    private TimeSpan? ReadLifetime(TimeSpan? otherwise) => _settings["Lifetime"] is null
        ? otherwise
        : _settings.Read("Lifetime", TimeSpan.Zero, static (string text, out TimeSpan value) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value));
}
