using Microsoft.Extensions.Configuration;

namespace Signing.Client;

/// <summary>Knows what settings are called, and which names in a section are slips of one of them.</summary>
internal static class SettingNames
{
    public static readonly string[] OfAccessToken = ["Key", "Secret", "Login", "SharingKey", "Scopes", "AllowPlainHttp", Endpoints, Header];

    public static readonly string[] OfApiToken = ["Token", "AllowPlainHttp", Header];

    public static readonly string[] OfSigning =
    [
        "Key", "Secret", "Digest", "MaxBufferedBytes", "AllowPlainHttp", "LearnFromServer",
        "Components", "CoverIfPresent", "CoverSignatures", "Label", "Tag", "Lifetime", "IncludeNonce", "IncludeAlgorithm", Responses,
    ];

    private const string Endpoints = "Endpoints";
    private const string Header = "Header";
    private const string Responses = "Responses";

    // In a short name one slip is enough to be another word: Logging is none of Login.
    private const int ShortName = 5;

    private static readonly string[] OfEndpoints = ["Login", "Refresh", "Token", "Revoke"];
    private static readonly string[] OfHeader = ["Name", "Scheme", "Origins"];
    private static readonly string[] OfResponses = ["Required", "Ask", "MaxBytes"];
    private static readonly string[] Lists = ["Scopes", "Components", "CoverIfPresent"];

    /// <summary>Gets the settings within a setting: these are all it may hold.</summary>
    public static string[]? Within(string setting) => setting switch
    {
        Endpoints => OfEndpoints,
        Header => OfHeader,
        Responses => OfResponses,
        _ => null,
    };

    /// <summary>Finds the setting that an entry was meant to be, if it is none.</summary>
    /// <remarks>
    /// A section may be shared by tokens and signing and hold settings of the host's own. So a slip is what differs from a known name
    /// in one letter (two, if that has six letters or more), and holds the same kind of value: an address in <c>Endpoint</c> is the host's.
    /// </remarks>
    public static string? MeantBy(IConfigurationSection entry, string[] known)
    {
        string name = entry.Key;
        if (Has(OfAccessToken, name) || Has(OfSigning, name) || Has(OfApiToken, name))
        {
            return null;
        }

        bool isSingle = !entry.GetChildren().Any();
        return Array.Find(known, setting => IsOfKind(setting, isSingle)
            && IsWithin(name.ToUpperInvariant(), setting.ToUpperInvariant(), setting.Length <= ShortName ? 1 : 2));
    }

    public static bool Has(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool IsOfKind(string setting, bool isSingle) => Has(Lists, setting) || isSingle == Within(setting) is null;

    // A slip is a letter too many, too few, another one, or two that changed places.
    private static bool IsWithin(ReadOnlySpan<char> text, ReadOnlySpan<char> name, int slips)
    {
        int same = text.CommonPrefixLength(name);
        text = text[same..];
        name = name[same..];
        if (text.IsEmpty || name.IsEmpty || slips == 0)
        {
            return text.Length + name.Length <= slips;
        }

        return IsWithin(text[1..], name, slips - 1)
            || IsWithin(text, name[1..], slips - 1)
            || IsWithin(text[1..], name[1..], slips - 1)
            || (text.Length > 1 && name.Length > 1 && text[0] == name[1] && text[1] == name[0] && IsWithin(text[2..], name[2..], slips - 1));
    }
}
