namespace Signing.Interop.Tests.Matrix;

/// <summary>What a server answered, and how many of the replacements had taken place on the way.</summary>
public sealed record Verdict(int Status, string Text, int Replaced);
