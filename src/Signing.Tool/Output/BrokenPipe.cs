namespace Signing.Tool;

/// <summary>Says that nobody reads the answer any more.</summary>
internal sealed class BrokenPipe(IOException inner) : Exception(inner.Message, inner);
