using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Registers a scheme of ours once; a second time only adds to its configuration.</summary>
internal static class SchemeRegistration
{
    public static AuthenticationBuilder Add<TScheme, TOptions, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        AuthenticationBuilder builder, string scheme, Action<TOptions> configure, Func<TScheme> mark)
        where TScheme : RegisteredScheme
        where TOptions : AuthenticationSchemeOptions, new()
        where THandler : AuthenticationHandler<TOptions>
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        ArgumentNullException.ThrowIfNull(configure);
        IServiceCollection services = builder.Services;
        if (services.Any(service => service.ImplementationInstance is TScheme known && known.Name == scheme))
        {
            services.Configure(scheme, configure);
            return builder;
        }

        services.AddSingleton(mark());
        services.AddOptions<TOptions>(scheme).ValidateOnStart();
        services.TryAddSingleton<IOptionsFactory<TOptions>, LastValidOptions<TOptions>>();
        DoorServices.AddTo(services);
        return builder.AddScheme<TOptions, THandler>(scheme, configure);
    }
}
