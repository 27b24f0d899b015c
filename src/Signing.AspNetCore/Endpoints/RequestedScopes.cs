namespace Signing.AspNetCore;

/// <summary>RFC 6749 §3.3. Reads the scopes that a client asks for, which must be among those it has.</summary>
internal static class RequestedScopes
{
    public static IReadOnlyList<string>? Read(string? scope, Credential client, out OAuthError? error)
    {
        error = null;
        if (scope is null)
        {
            return client.Scopes;
        }

        // scope-token *( SP scope-token ); scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
        string[] asked = scope.Split(' ');
        if (Array.Exists(asked, one => one.Length == 0 || one.AsSpan().ContainsAnyExceptInRange('!', '~') || one.AsSpan().ContainsAny('"', '\\')))
        {
            error = OAuthError.ScopeMalformed;
            return null;
        }

        if (!Array.TrueForAll(asked, one => client.Scopes.Contains(one, StringComparer.Ordinal)))
        {
            error = OAuthError.ScopeTooWide;
            return null;
        }

        return [.. asked.Distinct(StringComparer.Ordinal)];
    }
}
