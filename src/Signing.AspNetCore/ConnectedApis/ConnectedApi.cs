namespace Signing.AspNetCore;

/// <summary>An API that applications can be connected to.</summary>
/// <param name="Name">Its name, as <c>RequireConnectedApi</c> has it.</param>
/// <param name="Endpoints">What it consists of, by pattern and method.</param>
public sealed record ConnectedApi(string Name, IReadOnlyList<ConnectedApiEndpoint> Endpoints);
