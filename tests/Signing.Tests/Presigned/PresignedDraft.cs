using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Signing.Tests.Support;

namespace Signing.Tests.Presigned;

/// <summary>A URL that a test presigns by hand, as the README writes the profile down and without the code under test, so that any part of it can be wrong.</summary>
internal sealed record PresignedDraft(string Target, DateTimeOffset Now)
{
    public string Authority { get; init; } = "api.example.com";

    public string KeyId { get; init; } = ApiHost.Key;

    public string Secret { get; init; } = ApiHost.Secret;

    public long Created { get; init; } = Now.ToUnixTimeSeconds();

    public long Lifetime { get; init; } = 3600;

    /// <summary>What is signed as <c>@method</c>.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>The covered components with the parameters, if they are not those of the profile.</summary>
    public string? Parameters { get; init; }

    /// <summary>What path and query are taken from, if not from the target.</summary>
    public string? SignedTarget { get; init; }

    public long Expires => Created + Lifetime;

    public string Mac => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(SignatureBase)))
        .TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public string Value => string.Create(CultureInfo.InvariantCulture, $"{Created}.{Expires}.{Uri.EscapeDataString(KeyId)}.{Mac}");

    /// <summary>Gets the request target with the parameter.</summary>
    public string Signed => $"{Target}{(Target.Contains('?', StringComparison.Ordinal) ? "&" : "?")}signature={Value}";

    public string SignatureBase
    {
        get
        {
            string signed = SignedTarget ?? Target;
            int query = signed.IndexOf('?', StringComparison.Ordinal);
            string quoted = KeyId.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            string parameters = Parameters ?? string.Create(
                CultureInfo.InvariantCulture,
                $"(\"@method\" \"@authority\" \"@path\" \"@query\");created={Created};expires={Expires};keyid=\"{quoted}\";alg=\"hmac-sha256\";tag=\"signing-presigned\"");
            return $"\"@method\": {Method}\n\"@authority\": {Authority}\n\"@path\": {(query < 0 ? signed : signed[..query])}\n\"@query\": {(query < 0 ? "?" : signed[query..])}\n\"@signature-params\": {parameters}";
        }
    }
}
