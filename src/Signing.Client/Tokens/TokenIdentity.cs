using System.Security.Cryptography;
using System.Text;

namespace Signing.Client;

/// <summary>Holds all that decides which token an acquisition yields; what is equal in all of it shares one token and one flight.</summary>
internal sealed record TokenIdentity(
    Uri Login,
    Uri Refresh,
    Uri? Revoke,
    LoginMethod Method,
    string Key,
    string Secret,
    string? SharingKey,
    string Scope,
    bool AllowPlainHttp)
{
    /// <summary>The name in a store, which does not depend on the Secret: it may be rotated, and nothing can be tried out on its hash.</summary>
    public string Name { get; } = ComputeName(Login.AbsoluteUri, Refresh.AbsoluteUri, Key, SharingKey ?? "", Scope);

    public override string ToString() => Key;

    private static string ComputeName(params string[] parts)
    {
        // Each part with its length, so that no two lists of parts are the same text.
        var text = new StringBuilder();
        foreach (string part in parts)
        {
            text.Append(part.Length).Append(':').Append(part);
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
