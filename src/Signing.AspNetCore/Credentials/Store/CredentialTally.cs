namespace Signing.AspNetCore;

/// <summary>How many applications or credentials belong to a row, and when the latest of the credentials was used.</summary>
/// <param name="Count">How many.</param>
/// <param name="LastUsed">The latest use of any of them; <see langword="null"/> if none was ever used, and for applications.</param>
public readonly record struct CredentialTally(int Count, LastUse? LastUsed);
