namespace Signing.Interop.Tests.Matrix;

/// <summary>What a server answered, how many of the replacements had taken place on the way, and what the caller made of the answer's signature if it looked.</summary>
public sealed record Verdict(int Status, string Text, int Replaced, string? Answer);
