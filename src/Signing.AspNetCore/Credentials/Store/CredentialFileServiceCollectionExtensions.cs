using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
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

        services.AddDataProtection();
        services.TryAddSingleton(KeyRingProtection.Of);
        services.TryAddSingleton(static provider => new SecretSeal(provider.GetDataProtectionProvider()));
        services.TryAddSingleton(static provider => new CredentialFormat(PrefixOf(provider)));
        services.TryAddSingleton(static provider => new CredentialAdministration(
            provider.GetRequiredService<ICredentialStore>(), provider.GetRequiredService<SecretSeal>(), provider.GetRequiredService<CredentialFormat>(), provider.GetService<TimeProvider>()));
        var opening = new CredentialFileOpening(services);
        services.AddSingleton(opening.Open);
        opening.Add<ICredentialStore>(static provider => provider.GetRequiredService<FileCredentialStore>());
        opening.Add<ICredentialSource>(static provider => provider.GetRequiredService<FileCredentialStore>());
        opening.Add<IApiTokenSource>(static provider => provider.GetRequiredService<FileCredentialStore>());
        opening.Add<ISharingKeySource>(static provider => provider.GetRequiredService<FileCredentialStore>());
        LastUseWriter.AddTo(services);
        services.AddHostedService<CredentialFileStart>();
        FollowPrefix<ApiTokenOptions>(services, static options => options.Prefix, static (options, prefix) => options.Prefix = prefix);
        FollowPrefix<TokenOptions>(services, static options => options.Prefix, static (options, prefix) => options.Prefix = prefix);
        return services;
    }

    // What the file makes is to be recognised by every scheme that was not told otherwise.
    private static void FollowPrefix<TOptions>(IServiceCollection services, Func<TOptions, string> get, Action<TOptions, string> set)
        where TOptions : class
        => services.AddSingleton<IPostConfigureOptions<TOptions>>(provider => new PostConfigureOptions<TOptions>(name: null, options =>
        {
            if (get(options) == CredentialFormat.UsualPrefix)
            {
                set(options, PrefixOf(provider));
            }
        }));

    private static string PrefixOf(IServiceProvider provider)
    {
        CredentialFileOptions options = provider.GetRequiredService<IOptions<CredentialFileOptions>>().Value;
        options.Validate();
        return options.Prefix;
    }
}
