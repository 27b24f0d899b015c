using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Signing.Tests.Docs;

/// <summary>The transformer of the README that tells of signatures and tokens in an API's own OpenAPI document, line for line.</summary>
internal sealed class SigningSecurity : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["Signature"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "Signature", Description = "RFC 9421 with hmac-sha256, by your Key and Secret." },
            ["AccessToken"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "Bearer", Description = "From POST /auth/login." },
        };
        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [Of("Signature"), Of("AccessToken")];
        }

        return Task.CompletedTask;

        OpenApiSecurityRequirement Of(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };
    }
}
