using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Signing.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds access tokens that log in and refresh by themselves to named and typed <see cref="HttpClient"/>s.</summary>
public static class AccessTokenHttpClientBuilderExtensions
{
    /// <summary>Sends an access token with every request of the client, with options that are configured elsewhere under the client's name.</summary>
    /// <param name="builder">The client.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// The token is put on just before the request is signed, wherever this call stands, and calling it again adds nothing. Options
    /// are validated at start and may change while the program runs. The <see cref="AccessTokenSource"/> is a keyed singleton under
    /// the client's name. A typed client that sets its base address itself needs whole addresses of
    /// the endpoints; so do defaults for all clients, and the token then goes to <c>Header.Origins</c> or to where it is issued.
    /// </remarks>
    public static IHttpClientBuilder AddAccessToken(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        TokenServices.AddTo(services, builder.Name);
        services.TryAddKeyedSingleton(builder.Name ?? KeyedService.AnyKey, TokenServices.CreateSource);
        services.Configure<TokenRegistration>(builder.Name, static registration => registration.SendsAccessToken = true);
        if (builder.Name is not null)
        {
            services.Configure<TokenRegistration>(builder.Name, static registration => registration.IsNamedForAccessToken = true);
            services.AddOptions<AccessTokenOptions>(builder.Name).ValidateOnStart();
        }

        return builder;
    }

    /// <summary>Logs the client in with a Key and a Secret at the server of its base address, and sends the access token with every request.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="key">The public Key: 1 to 256 printable ASCII characters.</param>
    /// <param name="secret">The Secret exactly as it was shown, at least 16 bytes; it signs the login and is never sent.</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddAccessToken(this IHttpClientBuilder builder, string key, string secret)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(secret);
        return builder.AddAccessToken(options =>
        {
            options.Key = key;
            options.Secret = secret;
        });
    }

    /// <summary>Sends an access token with every request of the client, with the options of a configuration section, which may be reloaded.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="section">A section with <c>Key</c> and <c>Secret</c> and, if wanted, any other setting of <see cref="AccessTokenOptions"/>: <c>Login</c>, <c>SharingKey</c>, <c>Scopes</c>, <c>Endpoints:Login</c>, <c>Header:Name</c>, …</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddAccessToken(this IHttpClientBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        new AccessTokenReading(builder.Name, section).AddTo(builder.Services);
        return builder.AddAccessToken();
    }

    /// <summary>Sends an access token with every request of the client, with the options that a delegate sets.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Sets at least Key and Secret.</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddAccessToken(this IHttpClientBuilder builder, Action<AccessTokenOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(builder.Name, configure);
        return builder.AddAccessToken();
    }
}
