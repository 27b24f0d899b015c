namespace Signing.Management;

/// <summary>An endpoint that asks for a connected API; no methods means any.</summary>
internal sealed record ConnectedEndpointAnswer(IReadOnlyList<string> Methods, string Pattern);
