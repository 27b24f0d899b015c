namespace Signing.AspNetCore;

/// <summary>How many credentials belong to a row, and when the latest of them was used.</summary>
/// <param name="Count">How many.</param>
/// <param name="LastUsed">The latest use of any of them; <see langword="null"/> if none was ever used.</param>
public readonly record struct CredentialTally(int Count, LastUse? LastUsed);
