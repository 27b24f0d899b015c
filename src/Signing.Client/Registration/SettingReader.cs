using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Reads settings out of a section: by hand, so that each message can name the setting and none quotes its text.</summary>
internal sealed class SettingReader(string? client, Type options, IConfiguration section)
{
    public delegate bool TryParse<T>(string text, out T value);

    public string? this[string setting] => section[setting];

    public T Read<T>(string setting, T otherwise, TryParse<T> parse)
    {
        if (section[setting] is not { } text)
        {
            return otherwise;
        }

        // The text is not quoted: it may be a secret that got into the wrong line.
        return parse(text, out T value)
            ? value
            : throw new OptionsValidationException(client ?? Options.DefaultName, options, [$"The setting {PathOf(setting)} is no valid {typeof(T).Name}."]);
    }

    public List<string>? ReadList(string setting)
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
