using System.Net;

namespace Signing.Client;

/// <summary>Decides whether an answer says that the token, and nothing else, was refused.</summary>
internal static class TokenRefusal
{
    private const string InsufficientScope = "insufficient_scope";

    public static bool Is(HttpResponseMessage response, in RequestSnapshot snapshot) => snapshot.IsAnsweredBy(response.RequestMessage?.RequestUri) && Is(response);

    public static bool Is(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return false;
        }

        // RFC 6750 §3.1: a new token of the same scopes is refused like this one.
        string? ofToken = Refusal.CodeOf(response, "Bearer");
        if (ofToken is not null)
        {
            return ofToken != InsufficientScope;
        }

        // Our server names the scheme that failed: it was the signature if only that has an error.
        return Refusal.CodeOf(response) is null or "missing_signature";
    }
}
