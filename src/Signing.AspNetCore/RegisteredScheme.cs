namespace Signing.AspNetCore;

/// <summary>Marks a scheme of ours that is registered; there is one of each name and kind.</summary>
/// <param name="Name">The name of the scheme, and of its options.</param>
internal abstract record RegisteredScheme(string Name);
