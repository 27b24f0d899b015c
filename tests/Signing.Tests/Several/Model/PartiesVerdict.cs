namespace Signing.Tests.Several.Model;

/// <summary>What the model expects of one request.</summary>
/// <param name="User">The Key of the user; <see langword="null"/> if the request is refused.</param>
/// <param name="Codes">The codes that may be told then.</param>
/// <param name="Parties">The signatures that are accepted, in the order of the schemes.</param>
internal sealed record PartiesVerdict(string? User, HashSet<string> Codes, IReadOnlyList<PartySignature> Parties);
