namespace Signing.AspNetCore;

/// <summary>What a <see cref="ChangeStatus"/> means to an operator: one row for each value. A table.</summary>
public static class ChangeOutcome
{
    private static readonly Outcome[] Rows =
    [
        /* None */ new("not_decided", 500, Disclosure.Holder,
            "The change was not decided.",
            "Report this to whoever runs the server: it is a defect."),
        /* Changed */ new("changed", 200, Disclosure.Holder,
            "The change is stored.",
            "Nothing is to be done."),
        /* Unchanged */ new("unchanged", 200, Disclosure.Holder,
            "It was so already.",
            "Nothing is to be done."),
        /* NotFound */ new("not_found", 404, Disclosure.Holder,
            "There is nothing of this id that you may see.",
            "Reload the list: somebody may have deleted it."),
        /* NotEmpty */ new("not_empty", 409, Disclosure.Holder,
            "Something else still belongs to it.",
            "Delete what belongs to it first."),
        /* VersionMismatch */ new("version_mismatch", 412, Disclosure.Holder,
            "Somebody else has changed this since you opened it.",
            "Reload, look at what has changed, and decide again."),
        /* NameInvalid */ new("name_invalid", 400, Disclosure.Holder,
            "A name has 1 to 200 characters, no control characters, and no space at either end.",
            "Choose another name."),
        /* NameTaken */ new("name_taken", 409, Disclosure.Holder,
            "Another credential of this workspace has this name.",
            "Choose another name, or rename the other one."),
        /* BundleIdMissing */ new("bundle_id_missing", 400, Disclosure.Holder,
            "This workspace asks for a bundle or package id.",
            "Enter the id that the program has in its store or package."),
        /* BundleIdInvalid */ new("bundle_id_invalid", 400, Disclosure.Holder,
            "A bundle or package id has at most 256 characters, no control characters, and no space at either end.",
            "Enter the id exactly as the program has it."),
        /* BundleIdTaken */ new("bundle_id_taken", 409, Disclosure.Holder,
            "Another application of this workspace has this bundle or package id.",
            "Use that application, or enter another id."),
        /* TextTooLong */ new("text_too_long", 400, Disclosure.Holder,
            "A description or reason has at most 2,000 characters.",
            "Shorten it."),
        /* ListInvalid */ new("list_invalid", 400, Disclosure.Holder,
            "A list has at most 64 entries, each once, of 1 to 128 printable characters without spaces and quotes.",
            "Correct the list of scopes or APIs."),
        /* EnvironmentInvalid */ new("environment_invalid", 400, Disclosure.Holder,
            "The environment is none that this credential can have.",
            "Choose one that is offered, such as live: of 1 to 16 small letters and digits, and for a token that of its KeyPair."),
        /* EndInvalid */ new("end_invalid", 400, Disclosure.Holder,
            "The end must lie in the future, and after the beginning.",
            "Choose a later end, or none."),
        /* DurationInvalid */ new("duration_invalid", 400, Disclosure.Holder,
            "The duration is out of range.",
            "Choose one from zero to 90 days; a lifetime or rotation age may be up to ten years."),
        /* AlreadyRevoked */ new("already_revoked", 409, Disclosure.Holder,
            "The credential was revoked, and that is for good.",
            "Create another one."),
        /* AlreadyRotating */ new("already_rotating", 409, Disclosure.Holder,
            "Two Secrets are accepted already: the current one and its predecessor.",
            "Retire the former Secret first, or wait until its overlap ends."),
        /* NotRotating */ new("not_rotating", 409, Disclosure.Holder,
            "No former Secret is accepted any more.",
            "Nothing is to be done."),
        /* NotAKeyPair */ new("not_a_key_pair", 409, Disclosure.Holder,
            "An ApiToken has one text for its whole life.",
            "Create another ApiToken, and revoke this one when it is in use."),
        /* NotRetrievable */ new("not_retrievable", 409, Disclosure.Holder,
            "This Secret was made to be shown once, and was.",
            "Rotate the credential to get another Secret."),
        /* ParentInvalid */ new("parent_invalid", 400, Disclosure.Holder,
            "A long-lived token is an ApiToken made from a KeyPair of the same application.",
            "Choose a KeyPair of this application, or create the ApiToken without one."),
        /* ScopeNotGranted */ new("scope_not_granted", 400, Disclosure.Holder,
            "A long-lived token may do no more than the KeyPair it is made from.",
            "Leave the scope out, or give it to the KeyPair first."),
    ];

    /// <summary>Gets the row of a status.</summary>
    /// <param name="status">One of the named values.</param>
    /// <returns>The row.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is not a named value.</exception>
    public static Outcome Of(ChangeStatus status)
    {
        ArgumentOutOfRangeException.ThrowIfNegative((int)status, nameof(status));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)status, Rows.Length, nameof(status));
        return Rows[(int)status];
    }
}
