using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Signing.Client;

/// <summary>Reads the settings of signing.</summary>
internal sealed class MessageSigningReading(string? client, IConfiguration section) : OptionsReading<MessageSigningOptions>(client, section, SettingNames.OfSigning)
{
    protected override void Read(SettingReader settings, MessageSigningOptions options)
    {
        options.Section = settings.Path;
        options.Key = settings["Key"] ?? options.Key;
        options.Secret = settings["Secret"] ?? options.Secret;
        options.Digest = settings.Read("Digest", options.Digest, static (string text, out DigestAlgorithms value) => Enum.TryParse(text, ignoreCase: true, out value));
        options.MaxBufferedBytes = settings.Read("MaxBufferedBytes", options.MaxBufferedBytes, static (string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));
        options.AllowPlainHttp = settings.Read<bool>("AllowPlainHttp", options.AllowPlainHttp, bool.TryParse);
        options.LearnFromServer = settings.Read<bool>("LearnFromServer", options.LearnFromServer, bool.TryParse);
        ResponseVerificationOptions responses = options.Responses;
        responses.Required = settings.Read<bool>("Responses:Required", responses.Required, bool.TryParse);
        responses.Ask = settings.Read<bool>("Responses:Ask", responses.Ask, bool.TryParse);
        responses.MaxBytes = settings.Read("Responses:MaxBytes", responses.MaxBytes, static (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));
        SigningPolicy policy = options.Policy;
        options.Policy = new SigningPolicy
        {
            Components = settings.ReadList("Components") ?? policy.Components,
            CoverIfPresent = settings.ReadList("CoverIfPresent") ?? policy.CoverIfPresent,
            CoverSignatures = settings.Read<bool>("CoverSignatures", policy.CoverSignatures, bool.TryParse),
            Label = settings["Label"] ?? policy.Label,
            Tag = settings["Tag"] ?? policy.Tag,
            Lifetime = ReadLifetime(settings, policy.Lifetime),
            IncludeNonce = settings.Read<bool>("IncludeNonce", policy.IncludeNonce, bool.TryParse),
            IncludeAlgorithm = settings.Read<bool>("IncludeAlgorithm", policy.IncludeAlgorithm, bool.TryParse),
            FieldTypes = policy.FieldTypes,
        };
    }

    private static TimeSpan? ReadLifetime(SettingReader settings, TimeSpan? otherwise) => settings["Lifetime"] is null
        ? otherwise
        : settings.Read<TimeSpan>("Lifetime", default, SettingReader.TryParseDuration);
}
