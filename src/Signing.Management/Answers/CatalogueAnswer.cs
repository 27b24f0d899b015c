namespace Signing.Management;

/// <summary>The APIs that an application can be connected to.</summary>
internal sealed record CatalogueAnswer(IReadOnlyList<ConnectedApiAnswer> Items);
