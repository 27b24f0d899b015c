namespace Signing.AspNetCore;

/// <summary>One Secret of a credential, or the text of an ApiToken: never in clear.</summary>
public sealed record SecretRecord
{
    /// <summary>How many characters of the end <see cref="Hint"/> shows.</summary>
    public const int HintLength = 4;

    /// <summary>The version: 1 for the first of its credential, one more with each rotation.</summary>
    public required int Version { get; init; }

    /// <summary>The last characters, so that people can tell one Secret from another.</summary>
    public required string Hint { get; init; }

    /// <summary>How often it may be shown.</summary>
    public required SecretDisclosure Disclosure { get; init; }

    /// <summary>The text, sealed by Data Protection for this credential and version; <see langword="null"/> once it is destroyed, and for an ApiToken that is shown once.</summary>
    public ReadOnlyMemory<byte>? Sealed { get; init; }

    /// <summary>The hash that an ApiToken is found by; <see langword="null"/> for a KeyPair, and once it is destroyed.</summary>
    public TokenHash? Hash { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The first instant at which a Secret that was replaced is no longer accepted; <see langword="null"/> for the current one.</summary>
    public DateTimeOffset? RetiresAt { get; init; }

    /// <summary>When it was last used.</summary>
    public LastUse? LastUsed { get; init; }

    /// <summary>Whether nothing is left of the text by which anybody could be recognised.</summary>
    public bool IsDestroyed => Sealed is null && Hash is null;

    /// <summary>Shows version and hint, and nothing else.</summary>
    /// <returns>Such as <c>2 (…k9Zr)</c>.</returns>
    public override string ToString() => $"{Version} (…{Hint})";
}
