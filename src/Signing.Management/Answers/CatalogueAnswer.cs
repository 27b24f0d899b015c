using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>The APIs that an application can be connected to.</summary>
internal sealed record CatalogueAnswer(IReadOnlyList<ConnectedApi> Items);
