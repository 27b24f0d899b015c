using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Signing.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds message signing to named and typed <see cref="HttpClient"/>s.</summary>
public static class MessageSigningHttpClientBuilderExtensions
{
    /// <summary>Signs every request of the client, with options that are configured elsewhere under the client's name.</summary>
    /// <param name="builder">The client.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// Signing is innermost wherever this call stands, and calling it again adds nothing: the later options win, and two calls with
    /// different Keys under different labels or tags, which ask for two signatures, are refused at start. Options are validated at start and
    /// may change while the program runs. To take the secret from a service:
    /// <c>services.AddOptions&lt;MessageSigningOptions&gt;("name").Configure&lt;Vault&gt;((options, vault) =&gt; …)</c>.
    /// </remarks>
    public static IHttpClientBuilder AddMessageSigning(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MessageSigningOptions>, OptionsValidation>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BaseAddressRule.Subject>, BaseAddressRule>());
        InnermostHandlers.AddTo(services);

        // Null stands for all clients (ConfigureHttpClientDefaults), whose names are not known at start.
        services.Configure<SigningRegistration>(builder.Name, static registration => registration.Signs = true);
        if (builder.Name is not null)
        {
            services.AddOptions<MessageSigningOptions>(builder.Name).ValidateOnStart();
            services.AddOptions<BaseAddressRule.Subject>(builder.Name).ValidateOnStart();
        }

        return builder;
    }

    /// <summary>Signs every request of the client with a Key and a Secret.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="key">The public Key: 1 to 256 printable ASCII characters.</param>
    /// <param name="secret">The Secret exactly as it was shown, at least 16 bytes.</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddMessageSigning(this IHttpClientBuilder builder, string key, string secret)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(secret);
        return builder.AddMessageSigning(options =>
        {
            options.Key = key;
            options.Secret = secret;
        });
    }

    /// <summary>Signs every request of the client with the options of a configuration section, which may be reloaded.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="section">A section with <c>Key</c> and <c>Secret</c> and, if wanted, any other setting of <see cref="MessageSigningOptions"/> and of its policy: <c>Tag</c>, <c>Lifetime</c>, <c>Components</c>, …</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddMessageSigning(this IHttpClientBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        new MessageSigningReading(builder.Name, section).AddTo(builder.Services);
        return builder.NoteRegistration().AddMessageSigning();
    }

    /// <summary>Signs every request of the client with the options that a delegate sets.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Sets at least Key and Secret.</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddMessageSigning(this IHttpClientBuilder builder, Action<MessageSigningOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(builder.Name, configure);
        return builder.NoteRegistration().AddMessageSigning();
    }

    // What is said for all clients is there to be changed for one.
    private static IHttpClientBuilder NoteRegistration(this IHttpClientBuilder builder)
    {
        if (builder.Name is not null)
        {
            builder.Services.Configure<MessageSigningOptions>(builder.Name, static options => options.NoteRegistration());
        }

        return builder;
    }
}
