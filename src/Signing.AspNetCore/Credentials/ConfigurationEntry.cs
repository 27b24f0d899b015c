using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Signing.AspNetCore;

// One object in configuration, read strictly: a name that is not known, a value of the wrong shape and an empty value are
// failures, because each of them may be a restriction that was meant to hold. A JSON null is an absent value.
internal sealed class ConfigurationEntry
{
    private static readonly string[] InstantFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    private readonly ConfigurationFailures _failures;
    private readonly Dictionary<string, IConfigurationSection> _children = new(StringComparer.OrdinalIgnoreCase);

    public ConfigurationEntry(IConfigurationSection section, ConfigurationFailures failures, params ReadOnlySpan<string> names)
    {
        _failures = failures;
        Path = section.Path;
        if (!string.IsNullOrEmpty(section.Value))
        {
            failures.Add(Path, $"is a value; an object with {string.Join(", ", names)} belongs here");
        }

        // One enumeration for each object: configuration goes through all of its keys for it.
        foreach (IConfigurationSection child in section.GetChildren())
        {
            _children[child.Key] = child;
            if (!Contains(names, child.Key))
            {
                failures.Add(child.Path, $"is not known; known are {string.Join(", ", names)}");
            }
        }
    }

    public string Path { get; }

    public string PathOf(string name) => ConfigurationPath.Combine(Path, name);

    public bool Has(string name) => _children.TryGetValue(name, out IConfigurationSection? child)
        && (child.Value is not null || child.GetChildren().Any());

    public string? Text(string name) => _children.TryGetValue(name, out IConfigurationSection? child) ? TextOf(child, _failures) : null;

    public string? RequiredText(string name)
    {
        if (!Has(name))
        {
            _failures.Add(PathOf(name), "is missing");
            return null;
        }

        return Text(name);
    }

    public DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        // Without an offset, the time zone of whichever computer reads it would decide.
        bool hasOffset = text[^1] == 'Z' || (text.Length > 16 && text[^6] is '+' or '-' && text[^3] == ':');
        if (hasOffset && DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset instant))
        {
            return instant;
        }

        _failures.Add(PathOf(name), "is not a date and time with an offset, such as 2030-12-31T23:59:59Z or 2030-12-31T23:59:59+01:00");
        return null;
    }

    // If what is said is none of the choices, there is a failure, and the answer does not count.
    public T Choice<T>(string name, T unlessSaid, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        if (Text(name) is not { } text)
        {
            return unlessSaid;
        }

        List<string> words = [];
        foreach ((string word, T value) in choices)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }

            words.Add(word);
        }

        _failures.Add(PathOf(name), $"is none of {string.Join(", ", words)}");
        return unlessSaid;
    }

    public StoredStatus Status() => Choice(
        "Status", StoredStatus.Active, ("active", StoredStatus.Active), ("suspended", StoredStatus.Suspended), ("revoked", StoredStatus.Revoked));

    public void RequireOrder(string beginName, DateTimeOffset? begin, string endName, DateTimeOffset? end)
    {
        if (end <= begin)
        {
            _failures.Add(PathOf(endName), $"is not later than {beginName}");
        }
    }

    // What is kept of a text that only its holder knows: its hash, which configuration may have in its place.
    public TokenHash? Hash(string textName, string hashName, Func<string, bool> isText, string textShape)
    {
        if (Has(textName) == Has(hashName))
        {
            _failures.Add(Path, Has(textName) ? $"has both {textName} and {hashName}" : $"has neither {textName} nor {hashName}");
            return null;
        }

        if (Has(textName))
        {
            if (Text(textName) is not { } text)
            {
                return null;
            }

            if (isText(text))
            {
                return TokenHash.Of(text);
            }

            _failures.Add(PathOf(textName), $"is not {textShape}");
            return null;
        }

        if (Text(hashName) is not { } written)
        {
            return null;
        }

        if (TokenHash.TryParse(written, out TokenHash hash))
        {
            return hash;
        }

        _failures.Add(PathOf(hashName), "is not a SHA-256: 64 hexadecimal digits, or base64");
        return null;
    }

    public IReadOnlyList<string> Scopes() => Names("Scopes", "a scope");

    public IReadOnlyList<string> Apis() => Names("Apis", "an API");

    // A list, or one value with spaces between the names, as environment variables have it and RFC 6749 §3.3 writes scopes.
    private IReadOnlyList<string> Names(string name, string what)
    {
        if (!_children.TryGetValue(name, out IConfigurationSection? child))
        {
            return [];
        }

        List<string> names = [.. (child.Value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        names.AddRange(child.GetChildren().Select(item => item.Value ?? ""));

        // RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
        if (names.Any(entry => entry.Length == 0 || entry.AsSpan().ContainsAnyExceptInRange('!', '~') || entry.AsSpan().ContainsAny('"', '\\')))
        {
            _failures.Add(child.Path, $"has {what} that is empty or has characters other than printable ASCII without space, quotation mark and backslash");
        }

        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    // The elements of a list, or of an object keyed by name.
    public IReadOnlyList<IConfigurationSection> Elements(string name)
        => _children.TryGetValue(name, out IConfigurationSection? child) ? ElementsOf(child, _failures) : [];

    public static IReadOnlyList<IConfigurationSection> ElementsOf(IConfigurationSection list, ConfigurationFailures failures)
    {
        // An empty JSON list is an empty text in configuration.
        if (!string.IsNullOrEmpty(list.Value))
        {
            failures.Add(list.Path, "is a value; a list belongs here");
        }

        return [.. list.GetChildren()];
    }

    public static string? TextOf(IConfigurationSection section, ConfigurationFailures failures)
    {
        if (section.Value is null)
        {
            if (section.GetChildren().Any())
            {
                failures.Add(section.Path, "is not a single value");
            }

            return null;
        }

        if (section.Value.Length == 0 || char.IsWhiteSpace(section.Value[0]) || char.IsWhiteSpace(section.Value[^1]))
        {
            failures.Add(section.Path, "is empty, or begins or ends with white space");
            return null;
        }

        return section.Value;
    }

    // The name under which an object has it; the position in a list is none.
    public static string? NameOf(IConfigurationSection section)
        => int.TryParse(section.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : section.Key;

    private static bool Contains(ReadOnlySpan<string> names, string name)
    {
        foreach (string known in names)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
