using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Says what is wrong with the schemes that an endpoint requires together, when the endpoint is built.</summary>
internal static class SignaturesRules
{
    public static void Check(EndpointBuilder endpoint, SignaturesRequirement requirement)
    {
        if (endpoint.Metadata.OfType<SignaturesRequirement>().Count() > 1)
        {
            throw Wrong(endpoint, "has two lists of required signatures. Give it one.");
        }

        IServiceProvider services = endpoint.ApplicationServices;
        HashSet<string> registered = [.. services.GetServices<SignatureScheme>().Select(scheme => scheme.Name)];
        if (requirement.Schemes.FirstOrDefault(scheme => !registered.Contains(scheme)) is { } unknown)
        {
            throw Wrong(endpoint, $"requires a signature under the scheme '{unknown}', which is not registered. Call services.AddAuthentication().AddMessageSignature(\"{unknown}\", …).");
        }

        if (requirement.Mode != SignaturesMode.Any)
        {
            CheckParties(endpoint, requirement, services);
        }
    }

    private static void CheckParties(EndpointBuilder endpoint, SignaturesRequirement requirement, IServiceProvider services)
    {
        IOptionsMonitor<SignatureOptions> options = services.GetRequiredService<IOptionsMonitor<SignatureOptions>>();
        string?[] tags = [.. requirement.Schemes.Select(scheme => options.Get(scheme).Policy.Tag)];
        if (tags.Contains(null) || tags.Distinct(StringComparer.Ordinal).Count() != tags.Length)
        {
            throw Wrong(endpoint, $"requires signatures under {string.Join(", ", requirement.Schemes)}, which nothing tells apart. Give each scheme's Policy a Tag of its own.");
        }

        // Whoever is known to both sources could play both parts.
        IServiceProviderIsKeyedService sources = services.GetRequiredService<IServiceProviderIsKeyedService>();
        string[] shared = [.. requirement.Schemes.Where(scheme => !sources.IsKeyedService(typeof(ICredentialSource), scheme))];
        if (shared.Length > 1)
        {
            throw Wrong(
                endpoint,
                $"requires signatures under {string.Join(" and ", shared)}, whose keys come from one source: a caller with two Keys could sign for both. "
                + $"Give all but one a source of their own: services.AddKeyedSingleton<ICredentialSource>(\"{shared[^1]}\", …).");
        }
    }

    private static InvalidOperationException Wrong(EndpointBuilder endpoint, string problem) => new($"The endpoint {endpoint.DisplayName} {problem}");
}
