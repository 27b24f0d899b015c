using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Reads the options of a client, or of all clients, from a section: by hand, so that each message can name the setting.</summary>
/// <param name="client">The client; <see langword="null"/> for all clients.</param>
/// <param name="section">The section.</param>
/// <param name="known">The names of the settings.</param>
internal abstract class OptionsReading<TOptions>(string? client, IConfiguration section, string[] known) : IConfigureNamedOptions<TOptions>
    where TOptions : class
{
    private readonly SettingReader _settings = new(client, typeof(TOptions), section);

    public void Configure(TOptions options) => Configure(Options.DefaultName, options);

    // Without a name the section is for all clients.
    public void Configure(string? name, TOptions options)
    {
        if (client is not null && !string.Equals(client, name, StringComparison.Ordinal))
        {
            return;
        }

        _settings.RefuseSlips(known);
        Read(_settings, options);
    }

    /// <summary>Lets the section configure the options, and make them anew when it is reloaded.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IConfigureOptions<TOptions>>(this);
        if (client is null)
        {
            services.AddSingleton(new SharedSection<TOptions>(section));
        }
        else
        {
            services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(new ConfigurationChangeTokenSource<TOptions>(client, section));
        }
    }

    protected abstract void Read(SettingReader settings, TOptions options);
}
