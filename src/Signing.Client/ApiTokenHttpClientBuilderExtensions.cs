using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Signing.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds long-lived tokens, which nothing refreshes, to named and typed <see cref="HttpClient"/>s.</summary>
public static class ApiTokenHttpClientBuilderExtensions
{
    /// <summary>Sends a long-lived token with every request of the client, with options that are configured elsewhere under the client's name.</summary>
    /// <param name="builder">The client.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// The token is put on just before the request is signed, wherever this call stands, and calling it again adds nothing. Options
    /// are validated at start and may change while the program runs. Set for all clients at once, it needs <c>Header.Origins</c>.
    /// </remarks>
    public static IHttpClientBuilder AddApiToken(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        TokenServices.AddTo(services, builder.Name);
        services.TryAddKeyedSingleton(builder.Name ?? KeyedService.AnyKey, TokenServices.CreatePlan);
        services.Configure<TokenRegistration>(builder.Name, static registration => registration.SendsApiToken = true);
        if (builder.Name is not null)
        {
            services.Configure<TokenRegistration>(builder.Name, static registration => registration.IsNamedForApiToken = true);
            services.AddOptions<ApiTokenOptions>(builder.Name).ValidateOnStart();
        }

        return builder;
    }

    /// <summary>Sends a long-lived token with every request of the client to the origin of its base address.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="token">The token exactly as it was shown.</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddApiToken(this IHttpClientBuilder builder, string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return builder.AddApiToken(options => options.Token = token);
    }

    /// <summary>Sends a long-lived token with every request of the client, with the options of a configuration section, which may be reloaded.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="section">A section with <c>Token</c> and, if wanted, <c>Header:Name</c>, <c>Header:Scheme</c>, <c>Header:Origins</c> and <c>AllowPlainHttp</c>.</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddApiToken(this IHttpClientBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        new ApiTokenReading(builder.Name, section).AddTo(builder.Services);
        return builder.AddApiToken();
    }

    /// <summary>Sends a long-lived token with every request of the client, with the options that a delegate sets.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Sets at least the token.</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddApiToken(this IHttpClientBuilder builder, Action<ApiTokenOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(builder.Name, configure);
        return builder.AddApiToken();
    }
}
