using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Reads the options of a client, or of all clients, from a section.</summary>
internal sealed class AccessTokenReading(string? client, IConfiguration section) : IConfigureNamedOptions<AccessTokenOptions>
{
    private readonly SettingReader _settings = new(client, typeof(AccessTokenOptions), section);

    public void Configure(AccessTokenOptions options) => Configure(Options.DefaultName, options);

    // Without a name the section is for all clients.
    public void Configure(string? name, AccessTokenOptions options)
    {
        if (client is not null && !string.Equals(client, name, StringComparison.Ordinal))
        {
            return;
        }

        _settings.RefuseSlips(SettingNames.OfAccessToken);
        options.Key = _settings["Key"] ?? options.Key;
        options.Secret = _settings["Secret"] ?? options.Secret;
        options.Login = _settings.Read("Login", options.Login, static (string text, out LoginMethod value) => Enum.TryParse(text, ignoreCase: true, out value));
        options.SharingKey = _settings["SharingKey"] ?? options.SharingKey;
        options.Scopes = _settings.ReadList("Scopes") ?? options.Scopes;
        options.AllowPlainHttp = _settings.Read<bool>("AllowPlainHttp", options.AllowPlainHttp, bool.TryParse);
        AccessTokenEndpoints endpoints = options.Endpoints;
        endpoints.Login = _settings.Read<Uri>("Endpoints:Login", endpoints.Login, TryParseAddress);
        endpoints.Refresh = _settings.Read<Uri>("Endpoints:Refresh", endpoints.Refresh, TryParseAddress);
        endpoints.Token = _settings.Read<Uri>("Endpoints:Token", endpoints.Token, TryParseAddress);
        endpoints.Revoke = _settings["Endpoints:Revoke"] is "" ? null : _settings.Read<Uri?>("Endpoints:Revoke", endpoints.Revoke, TryParseAddress!);
        TokenHeaderReading.Read(_settings, options.Header);
    }

    // A path is relative on every system: where paths begin with a slash, .NET takes it for that of a file.
    private static bool TryParseAddress(string text, out Uri address) =>
        Uri.TryCreate(text, text.StartsWith('/') ? UriKind.Relative : UriKind.Absolute, out address!);
}
