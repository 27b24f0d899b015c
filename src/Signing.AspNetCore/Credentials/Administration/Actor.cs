namespace Signing.AspNetCore;

/// <summary>Who acts, for the audit.</summary>
/// <param name="Name">Who, as the host's sign-in names them; not empty.</param>
/// <param name="Address">The address they act from; <see langword="null"/> if it is not known.</param>
public readonly record struct Actor(string Name, string? Address = null);
