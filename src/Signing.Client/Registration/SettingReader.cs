using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Reads settings out of a section: by hand, so that each message can name the setting and none quotes its text.</summary>
internal sealed class SettingReader(string? client, Type options, IConfiguration section)
{
    public delegate bool TryParse<T>(string text, out T value);

    /// <summary>Gets where the settings stand; <see langword="null"/> at the root.</summary>
    public string? Path => (section as IConfigurationSection)?.Path;

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
            : throw new OptionsValidationException(client ?? Options.DefaultName, options, [$"The setting {PathOf(setting)} has to be {Expected<T>()}."]);
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

    /// <summary>Refuses what is called almost like a setting; nobody would notice that it has no effect.</summary>
    /// <exception cref="OptionsValidationException">There is such a name, or one that does not belong into a setting of several parts; the message says each path and quotes no value.</exception>
    public void RefuseSlips(string[] known)
    {
        var problems = new List<string>();
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            if (SettingNames.MeantBy(entry, known) is { } meant)
            {
                problems.Add($"The setting {PathOf(entry.Key)} is not known; {meant} is. Rename it, or take it out of the section.");
            }
        }

        foreach (string setting in known)
        {
            if (SettingNames.Within(setting) is { } parts)
            {
                problems.AddRange(section.GetSection(setting).GetChildren()
                    .Where(entry => !SettingNames.Has(parts, entry.Key))
                    .Select(entry => $"The setting {PathOf(ConfigurationPath.Combine(setting, entry.Key))} is not known; known are {string.Join(", ", parts)}."));
            }
        }

        if (problems.Count > 0)
        {
            throw new OptionsValidationException(client ?? Options.DefaultName, options, problems);
        }
    }

    // A number alone is days to .NET, which nobody means who writes one.
    public static bool TryParseDuration(string text, out TimeSpan value) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value) && text.Contains(':', StringComparison.Ordinal);

    private static string Expected<T>() => typeof(T) switch
    {
        { IsEnum: true } words => $"one of {string.Join(", ", Enum.GetNames(words).Where(static word => word != "None"))}",
        var type when type == typeof(bool) => "true or false",
        var type when type == typeof(TimeSpan) => "a duration, such as 00:01:00 for a minute",
        var type when type == typeof(Uri) => "an address, or a path that begins with a slash",
        _ => "a whole number, 0 or more",
    };

    private string PathOf(string setting) => Path is { } path ? ConfigurationPath.Combine(path, setting) : setting;
}
