using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what signs responses.</summary>
public static class ResponseSignatureServiceCollectionExtensions
{
    /// <summary>Signs the responses to verified requests of endpoints with <c>SignResponse()</c>; <c>app.UseResponseSignature()</c> puts it into the pipeline.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddResponseSignature(this IServiceCollection services) => services.AddResponseSignature(static _ => { });

    /// <summary>Signs responses to verified requests; calling it twice only adds to its configuration.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The services.</returns>
    /// <remarks>The key is the Secret that the request was verified with, so it takes a scheme of <c>AddMessageSignature</c>.</remarks>
    public static IServiceCollection AddResponseSignature(this IServiceCollection services, Action<ResponseSignatureOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(configure);
        services.TryAddSingleton<ResponseSigning>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ResponseSignatureOptions>, ResponseSignatureRules>());
        services.AddOptions<ResponseSignatureOptions>().ValidateOnStart();
        return services;
    }
}
