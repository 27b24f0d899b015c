using System.Text.Json;
using System.Text.Json.Serialization;
using Signing.Tests.Fuzz;

namespace Signing.Tests.Client.Around;

/// <summary>One version of the options of a client, as its configuration says them.</summary>
internal sealed record AroundSettings(string Key, string Label, string? Tag, bool CoverSignatures, string AccessHeader, string[] AccessOrigins, string ApiHeader, string[] ApiOrigins, string ApiToken, bool AllowPlainHttp)
{
    public const string Base = "https://api.example";

    // Before .NET 10 the configuration reads null as a text without characters.
    private static readonly JsonSerializerOptions WithoutNull = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static readonly string[] Origins = [Base, "https://api.example:8443", "https://other.example", "http://localhost:8080", "http://api.example"];

    /// <summary>Draws a version; whether others' signatures are covered stays as it is, and so does the label of who signs alone.</summary>
    public static AroundSettings Random(Draw draw, AroundSettings? before = null)
    {
        bool isPlain = draw.OneIn(4);
        bool isGateway = before?.CoverSignatures ?? draw.OneIn(2);
        string label = draw.Of("sig", "sig", "gateway");
        string access = draw.Of("Authorization", "Authorization", "auth", "X-Token");
        return new AroundSettings(
            draw.Of("around_key_1", "around_key_2", "around_key_3"),
            isGateway ? label : before?.Label ?? label,
            draw.Of(null, null, "mine"),
            isGateway,
            access,
            SomeOrigins(draw, isPlain),
            draw.Of("X-Api-Key", access == "Authorization" ? "X-Api-Token" : "Authorization"),
            SomeOrigins(draw, isPlain),
            $"static-token-{draw.Below(3)}",
            isPlain);
    }

    public static string SecretOf(string key) => $"the secret of {key}, long enough";

    public string ToJson() => JsonSerializer.Serialize(new
    {
        A = new { Key, Secret = SecretOf(Key), AllowPlainHttp, Header = new { Name = AccessHeader, Origins = AccessOrigins } },
        P = new { Token = ApiToken, AllowPlainHttp, Header = new { Name = ApiHeader, Origins = ApiOrigins } },
        S = new { Key, Secret = SecretOf(Key), AllowPlainHttp, Label, Tag, CoverSignatures },
    }, WithoutNull);

    private static string[] SomeOrigins(Draw draw, bool isPlain) => draw.OneIn(2) ? [] : [.. Origins.Where(origin => draw.OneIn(2) && (isPlain || origin != Origins[^1]))];
}
