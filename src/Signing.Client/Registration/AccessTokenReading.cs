using Microsoft.Extensions.Configuration;

namespace Signing.Client;

/// <summary>Reads the settings of access tokens.</summary>
internal sealed class AccessTokenReading(string? client, IConfiguration section) : OptionsReading<AccessTokenOptions>(client, section, SettingNames.OfAccessToken)
{
    protected override void Read(SettingReader settings, AccessTokenOptions options)
    {
        options.Section = settings.Path;
        options.Key = settings["Key"] ?? options.Key;
        options.Secret = settings["Secret"] ?? options.Secret;
        options.Login = settings.Read("Login", options.Login, static (string text, out LoginMethod value) => Enum.TryParse(text, ignoreCase: true, out value));
        options.SharingKey = settings["SharingKey"] ?? options.SharingKey;
        options.Scopes = settings.ReadList("Scopes") ?? options.Scopes;
        options.AllowPlainHttp = settings.Read<bool>("AllowPlainHttp", options.AllowPlainHttp, bool.TryParse);
        AccessTokenEndpoints endpoints = options.Endpoints;
        endpoints.Login = settings.Read<Uri>("Endpoints:Login", endpoints.Login, TryParseAddress);
        endpoints.Refresh = settings.Read<Uri>("Endpoints:Refresh", endpoints.Refresh, TryParseAddress);
        endpoints.Token = settings.Read<Uri>("Endpoints:Token", endpoints.Token, TryParseAddress);
        endpoints.Revoke = settings["Endpoints:Revoke"] is "" ? null : settings.Read<Uri?>("Endpoints:Revoke", endpoints.Revoke, TryParseAddress!);
        TokenHeaderReading.Read(settings, options.Header);
    }

    // A path is relative on every system: where paths begin with a slash, .NET takes it for that of a file.
    private static bool TryParseAddress(string text, out Uri address) =>
        Uri.TryCreate(text, text.StartsWith('/') ? UriKind.Relative : UriKind.Absolute, out address!);
}
