namespace Signing.AspNetCore;

/// <summary>The answer of an <see cref="IGrantStore"/> to a refresh.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Grant">The grant as it is now; <see langword="null"/> if the status is <see cref="GrantRotationStatus.Unavailable"/> or <see cref="GrantRotationStatus.Unknown"/>.</param>
public readonly record struct GrantRotation(GrantRotationStatus Status, Grant? Grant = null);
