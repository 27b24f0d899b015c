using System.Text;

namespace Signing.AspNetCore;

/// <summary>RFC 9110 §11.6.1. Writes a challenge: the scheme, then its parameters as quoted strings.</summary>
internal static class ChallengeText
{
    public static string Of(string scheme, string? realm, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var text = new StringBuilder(scheme);
        string separator = " ";
        if (realm is not null)
        {
            text.Append(" realm=").Append(Quoted.Of(realm));
            separator = ", ";
        }

        foreach ((string name, string value) in parameters)
        {
            text.Append(separator).Append(name).Append('=').Append(Quoted.Of(value));
            separator = ", ";
        }

        return text.ToString();
    }
}
