using System.Security.Cryptography;
using System.Text;

namespace Signing.Benchmarks.Peers;

/// <summary>Verifies the same signature as tutorials show it: split the fields, build the base as text, hash it, compare two base64 texts.</summary>
internal sealed class TutorialVerifier(IReadOnlyDictionary<string, string> secrets)
{
    public bool Verify(string method, string path, string query, string authority, IReadOnlyDictionary<string, string> fields)
    {
        string input = fields["signature-input"];
        int start = input.IndexOf('(', StringComparison.Ordinal);
        int end = input.IndexOf(')', StringComparison.Ordinal);
        string[] components = input[(start + 1)..end].Split(' ');
        Dictionary<string, string> parameters = input[(end + 1)..].Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => parameter.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim('"'), StringComparer.Ordinal);
        long age = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(parameters["created"], System.Globalization.CultureInfo.InvariantCulture);
        if (age > 43_200 || !secrets.TryGetValue(parameters["keyid"], out string? secret))
        {
            return false;
        }

        var text = new StringBuilder();
        foreach (string component in components)
        {
            string name = component.Trim('"');
            string value = name switch
            {
                "@method" => method,
                "@authority" => authority,
                "@path" => path,
                "@query" => query,
                _ => fields[name].Trim(),
            };
            text.Append(component).Append(": ").Append(value).Append('\n');
        }

        text.Append("\"@signature-params\": ").Append(input[start..]);
        string expected = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text.ToString())));
        return fields["signature"].EndsWith(":" + expected + ":", StringComparison.Ordinal);
    }
}
