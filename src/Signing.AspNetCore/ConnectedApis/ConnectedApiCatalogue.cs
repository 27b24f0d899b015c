using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Signing.AspNetCore;

/// <summary>Lists the APIs that the host's endpoints require, for operators to connect applications to.</summary>
public sealed class ConnectedApiCatalogue
{
    private readonly EndpointDataSource _endpoints;

    /// <summary>Creates a catalogue; the schemes register one as a service.</summary>
    /// <param name="endpoints">The host's endpoints, which are read again each time.</param>
    public ConnectedApiCatalogue(EndpointDataSource endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        _endpoints = endpoints;
    }

    /// <summary>Reads the endpoints that are mapped now.</summary>
    /// <returns>Each API once, in ordinal order; names that differ in case are two. Empty if no endpoint requires one.</returns>
    public IReadOnlyList<ConnectedApi> Read() =>
    [
        .. _endpoints.Endpoints
            .SelectMany(
                endpoint => endpoint.Metadata.GetOrderedMetadata<ConnectedApiRequirement>().Select(requirement => requirement.Name).Distinct(StringComparer.Ordinal),
                (endpoint, name) => (Name: name, Endpoint: Describe(endpoint)))
            .GroupBy(entry => entry.Name, entry => entry.Endpoint, StringComparer.Ordinal)
            .OrderBy(api => api.Key, StringComparer.Ordinal)
            .Select(api => new ConnectedApi(api.Key, Order(api))),
    ];

    private static ConnectedApiEndpoint[] Order(IEnumerable<ConnectedApiEndpoint> endpoints) =>
    [
        .. endpoints
            .OrderBy(endpoint => endpoint.Pattern, StringComparer.Ordinal)
            .ThenBy(endpoint => string.Join(' ', endpoint.Methods), StringComparer.Ordinal)
            .DistinctBy(endpoint => (endpoint.Pattern, string.Join(' ', endpoint.Methods))),
    ];

    private static ConnectedApiEndpoint Describe(Endpoint endpoint) => new(
        [.. (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Order(StringComparer.Ordinal)],
        (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? endpoint.DisplayName ?? "");
}
