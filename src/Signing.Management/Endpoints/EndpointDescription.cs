using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Signing.Management;

/// <summary>What the OpenAPI document tells of a route.</summary>
internal static class EndpointDescription
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    private static readonly int[] Refusals =
    [
        StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound,
        StatusCodes.Status409Conflict, StatusCodes.Status412PreconditionFailed,
    ];

    public static RouteHandlerBuilder Describe<TAnswer>(this RouteHandlerBuilder route, string summary, int status = StatusCodes.Status200OK) =>
        route.WithSummary(summary).Produces<TAnswer>(status, Json).Refuses();

    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string summary) =>
        route.WithSummary(summary).Produces(StatusCodes.Status204NoContent).Refuses();

    // Only described: what is bound before a request is judged would be read of anybody's.
    public static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder route, bool isOptional = false)
        where TBody : notnull
        => route.WithMetadata(new TakenBody(typeof(TBody), isOptional));

    public static RouteHandlerBuilder TakesFilters(this RouteHandlerBuilder route, IReadOnlyCollection<string> states, ListFields fields = ListFields.Usual) =>
        route.WithMetadata(new TakenFilters(states, fields));

    private static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route)
    {
        foreach (int status in Refusals)
        {
            route.Produces<ProblemAnswer>(status, ProblemJson);
        }

        return route;
    }
}
