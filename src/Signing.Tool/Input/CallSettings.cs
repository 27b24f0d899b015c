namespace Signing.Tool;

/// <summary>How a server is called.</summary>
/// <param name="ShownOn">Where the exchange is shown; <see langword="null"/> if it is not.</param>
/// <param name="Timeout">How long to wait for an answer.</param>
internal sealed record CallSettings(Terminal? ShownOn, TimeSpan Timeout);
