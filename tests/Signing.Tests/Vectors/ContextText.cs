using System.Globalization;
using System.Text;
using Signing.Tests.Reference;

namespace Signing.Tests.Vectors;

/// <summary>Reads <c>context.txt</c> (what the verifier knows and wants, where that is not the default) and <c>keys.txt</c>.</summary>
public static class ContextText
{
    // Two seconds after most signatures were made.
    private const long DefaultNow = 1618884475;

    public static string Scheme(string? text) => Settings(text).FirstOrDefault(setting => setting.Key == "scheme").Value ?? "https";

    public static ReferenceContext Parse(string? text, string keys)
    {
        var settings = Settings(text);
        string? One(string name) => settings.SingleOrDefault(setting => setting.Key == name).Value;
        string[]? Words(string name) => One(name)?.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var defaults = new VerificationPolicy();
        var added = settings.Where(setting => setting.Key == "field-type").Select(setting => setting.Value.Split(' ')).ToList();
        var policy = new VerificationPolicy
        {
            RequiredComponents = Words("required") ?? defaults.RequiredComponents,
            CoveredIfPresent = Words("covered-if-present") ?? defaults.CoveredIfPresent,
            RequiredParameters = Words("parameters")?.Select(Parameter).Aggregate((all, one) => all | one) ?? defaults.RequiredParameters,
            RefuseUnknownParameters = One("refuse-unknown-parameters") == "true",
            Tag = One("tag"),
            FieldTypes = added.ToDictionary(words => words[0], words => Enum.Parse<FieldType>(words[1], ignoreCase: true), StringComparer.Ordinal),
        };
        var types = RegisteredFields.Types.ToDictionary(StringComparer.Ordinal);
        added.ForEach(words => types.Add(words[0], Enum.Parse<SfFieldType>(words[1], ignoreCase: true)));
        var now = long.Parse(One("now") ?? DefaultNow.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return new ReferenceContext(policy, Keys(keys), types, DateTimeOffset.FromUnixTimeSeconds(now));
    }

    // Key id, then "text" or "base64", then the secret.
    private static List<ReferenceKey> Keys(string text) => text.Split('\n').Select(line => line.Split(' ', 3)).Select(words => new ReferenceKey(
        words[0],
        words[1] switch
        {
            "text" => Encoding.UTF8.GetBytes(words[2]),
            "base64" => Convert.FromBase64String(words[2]),
            _ => throw new InvalidDataException($"A key is text or base64, not {words[1]}."),
        })).ToList();

    private static List<KeyValuePair<string, string>> Settings(string? text)
    {
        string[] known = ["now", "scheme", "required", "covered-if-present", "parameters", "refuse-unknown-parameters", "tag", "field-type"];
        var settings = (text?.Split('\n') ?? []).Select(line => line.Split(':', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1].Trim())).ToList();
        return settings.TrueForAll(setting => known.Contains(setting.Key, StringComparer.Ordinal))
            ? settings
            : throw new InvalidDataException($"Unknown setting in context.txt: {text}");
    }

    private static SignatureParameterNames Parameter(string name) => name switch
    {
        "alg" => SignatureParameterNames.Algorithm,
        _ => Enum.Parse<SignatureParameterNames>(name, ignoreCase: true),
    };
}
