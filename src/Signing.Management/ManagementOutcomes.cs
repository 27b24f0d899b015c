using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>What the admin API refuses before it comes to a change; the refusals of changes are in <see cref="ChangeOutcome"/>. A table.</summary>
internal static class ManagementOutcomes
{
    public static Outcome InvalidRequest { get; } = new("invalid_request", 400, Disclosure.Anybody,
        "The request is not what this route takes.",
        "Compare it with the OpenAPI document of this API.");

    public static Outcome UnknownMember { get; } = new("unknown_member", 400, Disclosure.Anybody,
        "The body has a member that this route does not know.",
        "Remove it, or correct its name: names are written as the OpenAPI document has them.");

    public static Outcome UnsupportedMediaType { get; } = new("unsupported_media_type", 415, Disclosure.Anybody,
        "The body is not JSON by its Content-Type.",
        "Send it as application/json.");

    public static Outcome BodyTooLarge { get; } = new("body_too_large", 413, Disclosure.Anybody,
        "The body is larger than this API reads.",
        "Send less, or let the operator raise ManagementOptions.MaxBodyBytes.");

    public static Outcome NotSignedIn { get; } = new("not_signed_in", 401, Disclosure.Anybody,
        "Nobody is signed in.",
        "Sign in, and try again.");

    public static Outcome Forbidden { get; } = new("forbidden", 403, Disclosure.Anybody,
        "You are signed in, but may not do this.",
        "Ask an administrator for the role that may.");

    public static Outcome NotManaging { get; } = new("scope_missing", 403, Disclosure.Holder,
        "A credential of this API may not manage credentials.",
        "Sign in as a person, or use a credential with the scope signing.manage.");

    public static Outcome NotLocal { get; } = new("forbidden", 403, Disclosure.Anybody,
        "No policies are set, so this is open only to a browser on the same machine, at localhost, 127.0.0.1 or [::1], and without a proxy between.",
        "Open it there, or set ManagementOptions.Policies.");

    public static Outcome StoreUnavailable { get; } = new("credential_store_unavailable", 503, Disclosure.Holder,
        "The store of credentials could not be read or written.",
        "Look whether a change is there before you try again: it may be in force already. The log of the server says what is wrong.");

    public static Outcome AntiforgeryFailed { get; } = new("antiforgery_failed", 403, Disclosure.Anybody,
        "The request does not prove that it comes from this page.",
        "Reload the page and try again. A program sends the header and token of /me, its cookie, and the Origin of this site.");
}
