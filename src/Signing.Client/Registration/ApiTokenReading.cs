using Microsoft.Extensions.Configuration;

namespace Signing.Client;

/// <summary>Reads the settings of a long-lived token.</summary>
internal sealed class ApiTokenReading(string? client, IConfiguration section) : OptionsReading<ApiTokenOptions>(client, section, SettingNames.OfApiToken)
{
    protected override void Read(SettingReader settings, ApiTokenOptions options)
    {
        options.Section = settings.Path;
        options.Token = settings["Token"] ?? options.Token;
        options.AllowPlainHttp = settings.Read<bool>("AllowPlainHttp", options.AllowPlainHttp, bool.TryParse);
        TokenHeaderReading.Read(settings, options.Header);
    }
}
