using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Reads the options of a client, or of all clients, from a section.</summary>
internal sealed class ApiTokenReading(string? client, IConfiguration section) : IConfigureNamedOptions<ApiTokenOptions>
{
    private readonly SettingReader _settings = new(client, typeof(ApiTokenOptions), section);

    public void Configure(ApiTokenOptions options) => Configure(Options.DefaultName, options);

    // Without a name the section is for all clients.
    public void Configure(string? name, ApiTokenOptions options)
    {
        if (client is not null && !string.Equals(client, name, StringComparison.Ordinal))
        {
            return;
        }

        _settings.RefuseSlips(SettingNames.OfApiToken);
        options.Token = _settings["Token"] ?? options.Token;
        options.AllowPlainHttp = _settings.Read<bool>("AllowPlainHttp", options.AllowPlainHttp, bool.TryParse);
        TokenHeaderReading.Read(_settings, options.Header);
    }
}
