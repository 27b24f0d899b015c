using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a file that keeps credentials.</summary>
public static class CredentialFileServiceCollectionExtensions
{
    /// <summary>Keeps workspaces, applications, credentials and sharing keys in a file.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="path">The file, relative to the content root.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSigningCredentialFile(this IServiceCollection services, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return services.AddSigningCredentialFile(options => options.Path = path);
    }

    /// <summary>Keeps workspaces, applications, credentials and sharing keys in a file.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="path">The file, relative to the content root.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSigningCredentialFile(this IServiceCollection services, string path, Action<CredentialFileOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddSigningCredentialFile(options =>
        {
            options.Path = path;
            configure(options);
        });
    }

    /// <summary>Keeps workspaces, applications, credentials and sharing keys in a file that the configuration names.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">A section with <c>Path</c>, and <c>Prefix</c> and <c>AllowUnprotectedKeyRing</c> if they are not the defaults; any other name in it stops the start.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSigningCredentialFile(this IServiceCollection services, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddSigningCredentialFile(options => CredentialFileReading.Read(section, options));
    }

    /// <summary>Keeps workspaces, applications, credentials and sharing keys in a file; adding it twice only adds to its configuration.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Names the file, and changes the defaults.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// The file takes the place of the configuration as the source of credentials: both together stop the start. Secrets are
    /// sealed by Data Protection, without whose key ring nobody opens them again: persist it, encrypt it, and back it up with the file.
    /// </remarks>
    public static IServiceCollection AddSigningCredentialFile(this IServiceCollection services, Action<CredentialFileOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(configure);
        if (services.Any(service => service.ServiceType == typeof(FileCredentialStore)))
        {
            return services;
        }

        CredentialStoreServices.AddTo(services, PrefixOf);
        var source = new SoleCredentialSource(services, nameof(AddSigningCredentialFile));
        services.AddSingleton(new CredentialFileOpening(source).Open);
        source.Add<FileCredentialStore>();
        services.AddHostedService<CredentialFileStart>();
        return services;
    }

    private static string PrefixOf(IServiceProvider provider)
    {
        CredentialFileOptions options = provider.GetRequiredService<IOptions<CredentialFileOptions>>().Value;
        options.Validate();
        return options.Prefix;
    }
}
