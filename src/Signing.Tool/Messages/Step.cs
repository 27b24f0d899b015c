namespace Signing.Tool;

/// <summary>One step of the protocol on one request: its section, and the bytes it works on.</summary>
internal sealed record Step(string Section, string Title, string Text);
