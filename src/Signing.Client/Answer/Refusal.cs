using System.Net.Http.Headers;

namespace Signing.Client;

/// <summary>Reads the wire code out of a refusal: <c>WWW-Authenticate: Signature realm="…", error="too_old"</c>.</summary>
internal static class Refusal
{
    private const string Scheme = "Signature";
    private const string Error = "error";

    /// <summary>Gets the wire code of the first challenge of a scheme that has one.</summary>
    public static string? CodeOf(HttpResponseMessage response, string scheme = Scheme)
    {
        foreach (AuthenticationHeaderValue challenge in response.Headers.WwwAuthenticate)
        {
            if (string.Equals(challenge.Scheme, scheme, StringComparison.OrdinalIgnoreCase) && ErrorOf(challenge.Parameter) is { } code)
            {
                return code;
            }
        }

        return null;
    }

    // RFC 9110 §11.2: a list of name = token or quoted-string. A quoted value may hold commas and "error=" itself.
    private static string? ErrorOf(ReadOnlySpan<char> parameters)
    {
        while (!parameters.IsEmpty)
        {
            parameters = parameters.TrimStart(" \t,");
            int equals = parameters.IndexOf('=');
            if (equals < 0)
            {
                return null;
            }

            ReadOnlySpan<char> name = parameters[..equals].Trim(" \t");
            parameters = parameters[(equals + 1)..].TrimStart(" \t");
            int length = LengthOfValue(parameters);
            if (name.Equals(Error, StringComparison.OrdinalIgnoreCase))
            {
                return parameters[..length].Trim('"').ToString();
            }

            parameters = parameters[length..];
        }

        return null;
    }

    private static int LengthOfValue(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("\""))
        {
            int comma = text.IndexOf(',');
            return comma < 0 ? text.TrimEnd(" \t").Length : text[..comma].TrimEnd(" \t").Length;
        }

        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                return i + 1;
            }

            i += text[i] == '\\' ? 1 : 0;
        }

        return text.Length;
    }
}
