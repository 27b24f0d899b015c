using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Signing.Management;

/// <summary>The OpenAPI document of the admin API, apart from the host's own.</summary>
internal static class OpenApiEndpoint
{
    /// <summary>The name of the document, and of the group whose routes are in it.</summary>
    public const string DocumentName = "signing-management";

    // MapOpenApi of the host maps every document, for everybody. Whoever asks there, or a tool that builds documents, gets this one without its routes.
    private static readonly AsyncLocal<bool> IsAskedHere = new();

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/openapi.json", GetAsync).WithSummary("Gets this document.").Produces(StatusCodes.Status200OK, contentType: "application/json");

    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = static route => route.GroupName == DocumentName;
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Signing management", Version = "v1", Description = "Workspaces, applications, credentials, sharing keys and their audit." };

            // Paths stand under whatever path base the document is read from.
            document.Servers?.Clear();
            if (!IsAskedHere.Value)
            {
                document.Paths.Clear();
                document.Tags?.Clear();
                document.Components = null;
            }

            return Task.CompletedTask;
        });
        options.AddOperationTransformer(static (operation, context, _) =>
        {
            operation.OperationId = OperationNames.Of(context.Description.HttpMethod!, context.Description.RelativePath!);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeBodyAsync);
        options.AddOperationTransformer(DescribeVersionAsync);
        options.AddOperationTransformer(static (operation, context, _) => FilterDescription.DescribeAsync(operation, context));
        options.AddSchemaTransformer(static (schema, context, _) =>
        {
            if (context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: false).FirstOrDefault() is AllowedValuesAttribute allowed)
            {
                schema.Enum = [.. allowed.Values.Select(static value => JsonValue.Create((string)value!))];
            }

            // What may be left out and not be taken away.
            if (context.JsonPropertyInfo?.AttributeProvider?.IsDefined(typeof(NeverNullAttribute), inherit: false) == true)
            {
                schema.Type &= ~JsonSchemaType.Null;
            }

            // The framework describes what its own options read, where a text may stand for a number; here none does.
            if (schema.Type is { } type && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
            {
                schema.Type = type & ~JsonSchemaType.String;
                schema.Pattern = null;
            }

            return Task.CompletedTask;
        });
    }

    private static async Task DescribeBodyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<TakenBody>().FirstOrDefault() is { } body)
        {
            // Under a name of its own, which generated clients call their class by.
            OpenApiSchema schema = await context.GetOrCreateSchemaAsync(body.Type, parameterDescription: null, cancellationToken).ConfigureAwait(false);
            context.Document!.AddComponent(body.Type.Name, schema);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !body.IsOptional,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/json"] = new() { Schema = new OpenApiSchemaReference(body.Type.Name, context.Document) },
                },
            };
        }
    }

    private static Task DescribeVersionAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        bool changesRow = context.Description is { HttpMethod: not "GET", RelativePath: { } path } && path.Contains("{id}", StringComparison.Ordinal);
        if (changesRow)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "If-Match",
                In = ParameterLocation.Header,
                Description = "The ETag of the row as it was seen: 412 if somebody has changed it since. Absent, whatever is stored is changed.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        return Task.CompletedTask;
    }

    private static async Task<IResult> GetAsync(ManagementRequest request)
    {
        IsAskedHere.Value = true;
        IOpenApiDocumentProvider documents = request.Context.RequestServices.GetRequiredKeyedService<IOpenApiDocumentProvider>(DocumentName);
        OpenApiDocument document = await documents.GetOpenApiDocumentAsync(request.Cancellation).ConfigureAwait(false);
        return TypedResults.Text(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, request.Cancellation).ConfigureAwait(false), "application/json");
    }
}
