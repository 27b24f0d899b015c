namespace Signing.AspNetCore;

/// <summary>One Secret of a credential and when it ends.</summary>
/// <param name="Key">The Secret, ready to verify with; its key id is the credential's.</param>
/// <param name="Until">The first instant at which the Secret is no longer accepted; <see langword="null"/> if it has no end of its own.</param>
/// <param name="Version">The version by which a credential store notes when the Secret was used; 0 where nobody does.</param>
public readonly record struct CredentialSecret(SigningKey Key, DateTimeOffset? Until = null, int Version = 0);
