using System.ComponentModel.DataAnnotations;

namespace Signing.Management;

/// <summary>One Secret of a credential: what can be told of it, and never its text.</summary>
internal sealed record SecretAnswer(
    int Version,
    string Hint,
    [property: AllowedValues("once", "retrievable")] string Disclosure,
    DateTimeOffset Created,
    DateTimeOffset? RetiresAt,
    UseAnswer? LastUsed,
    bool IsDestroyed,
    bool IsCurrent);
