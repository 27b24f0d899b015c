using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Reads the options of a client, or of all clients, from a section: by hand, so that each message can name the setting.</summary>
internal sealed class ConfigurationReading(string? client, IConfiguration section) : IConfigureNamedOptions<MessageSigningOptions>
{
    public void Configure(MessageSigningOptions options) => Configure(Options.DefaultName, options);

    // Without a name the section is for all clients.
    public void Configure(string? name, MessageSigningOptions options)
    {
        if (client is not null && !string.Equals(client, name, StringComparison.Ordinal))
        {
            return;
        }

        options.Key = section["Key"] ?? options.Key;
        options.Secret = section["Secret"] ?? options.Secret;
        options.Digest = Read("Digest", options.Digest, static (string text, out DigestAlgorithms value) => Enum.TryParse(text, ignoreCase: true, out value));
        options.MaxBufferedBytes = Read("MaxBufferedBytes", options.MaxBufferedBytes, static (string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));
        options.AllowPlainHttp = Read<bool>("AllowPlainHttp", options.AllowPlainHttp, bool.TryParse);
        options.LearnFromServer = Read<bool>("LearnFromServer", options.LearnFromServer, bool.TryParse);
        SigningPolicy policy = options.Policy;
        options.Policy = new SigningPolicy
        {
            Components = ReadList("Components") ?? policy.Components,
            CoverIfPresent = ReadList("CoverIfPresent") ?? policy.CoverIfPresent,
            Label = section["Label"] ?? policy.Label,
            Tag = section["Tag"] ?? policy.Tag,
            Lifetime = ReadLifetime(policy.Lifetime),
            IncludeNonce = Read<bool>("IncludeNonce", policy.IncludeNonce, bool.TryParse),
            IncludeAlgorithm = Read<bool>("IncludeAlgorithm", policy.IncludeAlgorithm, bool.TryParse),
            FieldTypes = policy.FieldTypes,
        };
    }

    private delegate bool TryParse<T>(string text, out T value);

    private TimeSpan? ReadLifetime(TimeSpan? otherwise) => section["Lifetime"] is null
        ? otherwise
        : Read("Lifetime", TimeSpan.Zero, static (string text, out TimeSpan value) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value));

    private T Read<T>(string setting, T otherwise, TryParse<T> parse)
    {
        if (section[setting] is not { } text)
        {
            return otherwise;
        }

        // The text is not quoted: it may be a secret that got into the wrong line.
        return parse(text, out T value)
            ? value
            : throw new OptionsValidationException(client ?? Options.DefaultName, typeof(MessageSigningOptions), [$"The setting {PathOf(setting)} is no valid {typeof(T).Name}."]);
    }

    private List<string>? ReadList(string setting)
    {
        List<string>? values = null;
        foreach (IConfigurationSection entry in section.GetSection(setting).GetChildren())
        {
            (values ??= []).Add(entry.Value ?? "");
        }

        return values;
    }

    private string PathOf(string setting) => section is IConfigurationSection { Path: var path } ? ConfigurationPath.Combine(path, setting) : setting;
}
