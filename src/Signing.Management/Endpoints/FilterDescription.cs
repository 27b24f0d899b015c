using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>Of all filters, which one record binds for every list, the document tells those that this list takes, and their values.</summary>
internal static class FilterDescription
{
    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        if (operation.Parameters is { } parameters && context.Description.ActionDescriptor.EndpointMetadata.OfType<TakenFilters>().FirstOrDefault() is { } taken)
        {
            operation.Parameters = [.. parameters.Where(parameter => IsTaken(parameter.Name, taken))];
            foreach (OpenApiParameter parameter in operation.Parameters.OfType<OpenApiParameter>())
            {
                parameter.Schema = SchemaOf(parameter.Name, taken) ?? parameter.Schema;
            }
        }

        return Task.CompletedTask;
    }

    private static bool IsTaken(string? name, TakenFilters taken) => name switch
    {
        "state" => taken.States.Count > 0,
        "q" or "after" or "limit" => taken.Fields >= ListFields.Usual,
        "application" => taken.Fields >= ListFields.Application,
        "parent" or "kind" or "health" => taken.Fields >= ListFields.Credentials,
        _ => true,
    };

    private static OpenApiSchema? SchemaOf(string? name, TakenFilters taken) => name switch
    {
        "state" => OneOf(taken.States),
        "kind" => OneOf(Word.All<CredentialKind>()),
        "health" => OneOf(Word.All<KeyHealth>()),
        "limit" => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = $"{RowQuery.MaxLimit}" },
        _ => null,
    };

    private static OpenApiSchema OneOf(IEnumerable<string> words) => new() { Type = JsonSchemaType.String, Enum = [.. words.Select(static word => JsonValue.Create(word))] };
}
