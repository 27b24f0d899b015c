using System.Globalization;
using System.Text;

namespace Signing.AspNetCore;

/// <summary>Decides which values of a signature base its caller may see.</summary>
/// <remarks>
/// A caller chooses what its signature covers, and needs no key for that: were every value shown, anybody could read the
/// fields that a gateway adds to requests, and a page's script the cookies and tokens that the browser adds and keeps from it.
/// So outside Development only the values of fields are shown that the policy speaks of, without tokens and cookies.
/// </remarks>
internal sealed class ShownSignatureBase(VerificationPolicy policy, TokenDoors doors, bool isDevelopment)
{
    // No MAC is shown anywhere, be it one that the caller has sent and covered with another.
    private const string Signature = "signature";

    private static readonly string[] Secrets = ["authorization", "proxy-authorization", "cookie", "set-cookie"];

    /// <summary>Gives the text with the length of each value that is not shown in its place: <c>(12 characters, not shown)</c>.</summary>
    public string Of(string signatureBase)
    {
        var shown = new StringBuilder(signatureBase.Length);
        foreach (ReadOnlySpan<char> line in signatureBase.AsSpan().EnumerateLines())
        {
            if (shown.Length > 0)
            {
                shown.Append('\n');
            }

            int value = EndOfIdentifier(line) + ": ".Length;
            if (IsShown(line[1..(line[1..].IndexOf('"') + 1)]))
            {
                shown.Append(line);
            }
            else
            {
                shown.Append(line[..value]).Append(CultureInfo.InvariantCulture, $"({line.Length - value} characters, not shown)");
            }
        }

        return shown.ToString();
    }

    // RFC 9421 §2.5: a colon ends the identifier, unless it stands in a quoted parameter.
    private static int EndOfIdentifier(ReadOnlySpan<char> line)
    {
        bool isQuoted = false;
        for (int i = 0; ; i++)
        {
            switch (line[i])
            {
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case '\\':
                    i++;
                    break;
                case ':' when !isQuoted:
                    return i;
            }
        }
    }

    private bool IsShown(ReadOnlySpan<char> name)
    {
        if (name.StartsWith('@'))
        {
            return true;
        }

        if (name is Signature)
        {
            return false;
        }

        return isDevelopment || (!IsSecret(name) && (Names(policy.RequiredComponents, name) || Names(policy.CoveredIfPresent, name)));
    }

    private bool IsSecret(ReadOnlySpan<char> name)
    {
        for (int i = 0; i < doors.Count; i++)
        {
            if (name.SequenceEqual(doors.Get(i).Component))
            {
                return true;
            }
        }

        return Names(Secrets, name);
    }

    private static bool Names(IReadOnlyList<string> components, ReadOnlySpan<char> name)
    {
        foreach (string component in components)
        {
            ReadOnlySpan<char> known = component;
            int parameters = known.IndexOf(';');
            if ((parameters < 0 ? known : known[..parameters]).Trim('"').SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}
