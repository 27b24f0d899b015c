namespace Signing.AspNetCore;

/// <summary>What a credential consists of, and what its holder can do with it.</summary>
public enum CredentialKind
{
    /// <summary>Nothing that is known.</summary>
    None = 0,

    /// <summary>A Key and its Secrets: signs requests, and logs in for tokens.</summary>
    KeyPair,

    /// <summary>One text that is sent as it is; with a parent, a long-lived token.</summary>
    ApiToken,
}
