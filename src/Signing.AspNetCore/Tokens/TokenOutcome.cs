namespace Signing.AspNetCore;

/// <summary>What a <see cref="TokenStatus"/> means to the outside: one row for each value. A table.</summary>
public static class TokenOutcome
{
    private static readonly Outcome[] Rows =
    [
        /* None */ new("token_not_evaluated", 500, Disclosure.Holder,
            "The token was not evaluated.",
            "Report this to the API's operator: it is a defect of the server."),
        /* Valid */ new("valid", 200, Disclosure.Holder,
            "The token is accepted.",
            "Nothing is to be done."),
        /* MalformedToken */ new("malformed_token", 401, Disclosure.Anybody,
            "The value is not a token of the kind that belongs here, or has a typing error.",
            "Send the access token or the ApiToken with requests and the refresh token to refresh, each exactly as it was issued."),
        /* TamperedToken */ new("tampered_token", 401, Disclosure.AsInvalidCredential,
            "The token was not issued here, was changed, or is older than the keys that are still accepted.",
            "Log in again, and send tokens exactly as they were issued, to the API that issued them."),
        /* UnknownGrant */ new("unknown_grant", 401, Disclosure.AsInvalidCredential,
            "The login that the token stands for is not known.",
            "Log in again."),
        /* Expired */ new("expired", 401, Disclosure.Holder,
            "The token has expired.",
            "Refresh the access token; if the refresh token has expired too, log in again."),
        /* Revoked */ new("revoked", 401, Disclosure.Holder,
            "The token was revoked, or the login or credential that it rests on.",
            "Log in again if the credential is still valid, or ask for another token: a revoked one does not come back."),
        /* RefreshReused */ new("refresh_reused", 401, Disclosure.Holder,
            "A refresh token was used again after its time, so the login was revoked.",
            "Log in again, keep the newest refresh token only, and find out who else has a copy."),
        /* AnotherClient */ new("another_client", 401, Disclosure.AsInvalidCredential,
            "The token was issued to another client.",
            "Present a token with the credential that logged in."),
        /* CredentialRefused */ new("credential_refused", 401, Disclosure.Holder,
            "The credential of the client is refused.",
            "Ask the administrator of the credential for its status."),
        /* SharingKeyRefused */ new("sharing_key_refused", 401, Disclosure.Holder,
            "The sharing key was revoked, has ended, or does not connect these two sides any more.",
            "Ask the workspace that shares its data for a sharing key, and log in with it."),
        /* GrantStoreUnavailable */ new("grant_store_unavailable", 503, Disclosure.Holder,
            "The server cannot look up or write logins now.",
            "Send the request again later."),
        /* GrantQuotaExceeded */ new("grant_quota_exceeded", 429, Disclosure.Holder,
            "This client holds more logins at once than its share of the server's memory.",
            "Keep and refresh the tokens of one login instead of logging in for each request."),
        /* MissingToken */ new("missing_token", 401, Disclosure.Anybody,
            "The request carries no token that this API reads.",
            "Send an access token or an ApiToken in the header field that this API names in its documentation."),
        /* ScopeMissing */ new("scope_missing", 403, Disclosure.Holder,
            "The caller is known, and is not permitted to do this.",
            "Ask the operator of the API for the permission, or for the scopes that WWW-Authenticate names."),
        /* RateLimited */ new("rate_limited", 429, Disclosure.Anybody,
            "More requests come than the token endpoints take from one address or client.",
            "Keep and refresh the tokens of one login, and wait as long as Retry-After says."),
    ];

    /// <summary>Gets the row of a status.</summary>
    /// <param name="status">One of the named values.</param>
    /// <returns>The row.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is not a named value.</exception>
    public static Outcome Of(TokenStatus status)
    {
        ArgumentOutOfRangeException.ThrowIfNegative((int)status, nameof(status));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)status, Rows.Length, nameof(status));
        return Rows[(int)status];
    }
}
