namespace Signing.Management;

/// <summary>An API that an application can be connected to.</summary>
internal sealed record ConnectedApiAnswer(string Name, IReadOnlyList<ConnectedEndpointAnswer> Endpoints);
