namespace Signing.AspNetCore;

/// <summary>What a <see cref="CredentialStatus"/> means to the outside: one row for each value. A table.</summary>
public static class CredentialOutcome
{
    private static readonly Outcome[] Rows =
    [
        /* None */ new("credential_not_evaluated", 500, Disclosure.Holder,
            "The credential was not evaluated.",
            "Report this to the API's operator: it is a defect of the server."),
        /* Valid */ new("valid", 200, Disclosure.Holder,
            "The credential may be used.",
            "Nothing is to be done."),
        /* UnknownKey */ new("unknown_key", 401, Disclosure.AsInvalidCredential,
            "No credential has this key id.",
            "Check the Key for a typing error, and that it was made for this API."),
        /* Revoked */ new("revoked", 401, Disclosure.AsInvalidCredential,
            "The credential was revoked.",
            "Use another credential: a revoked one does not come back."),
        /* WorkspaceDisabled */ new("workspace_disabled", 401, Disclosure.Holder,
            "The workspace of the credential is disabled.",
            "Ask the API's operator to enable the workspace."),
        /* ApplicationSuspended */ new("application_suspended", 401, Disclosure.Holder,
            "The application of the credential is suspended.",
            "Ask the administrator of the application to resume it."),
        /* Suspended */ new("suspended", 401, Disclosure.Holder,
            "The credential is suspended.",
            "Ask the administrator of the credential to resume it."),
        /* Expired */ new("expired", 401, Disclosure.Holder,
            "The credential, or the Secret that was used, has ended.",
            "Use the current Secret, or have the credential renewed."),
        /* NotYetValid */ new("not_yet_valid", 401, Disclosure.Holder,
            "The credential is not valid yet.",
            "Wait until the credential begins, or have its beginning moved."),
        /* EnvironmentMismatch */ new("environment_mismatch", 401, Disclosure.Holder,
            "The credential belongs to another environment than this API.",
            "Use a credential of this environment, or call the API of the credential's environment."),
        /* CredentialStoreUnavailable */ new("credential_store_unavailable", 503, Disclosure.Holder,
            "The server cannot look up credentials now.",
            "Send the request again later, signed anew."),
        /* AmbiguousCredentials */ new("ambiguous_credentials", 401, Disclosure.Anybody,
            "The request carries two credentials that do not belong together.",
            "Send one credential, or a signature together with an access token of the same client."),
        /* ApiNotConnected */ new("api_not_connected", 403, Disclosure.Holder,
            "The application of the credential is not connected to this API.",
            "Have the application connected to the API that WWW-Authenticate names."),
    ];

    /// <summary>Gets the row of a status.</summary>
    /// <param name="status">One of the named values.</param>
    /// <returns>The row.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is not a named value.</exception>
    public static Outcome Of(CredentialStatus status)
    {
        ArgumentOutOfRangeException.ThrowIfNegative((int)status, nameof(status));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)status, Rows.Length, nameof(status));
        return Rows[(int)status];
    }
}
