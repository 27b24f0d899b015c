using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>What every store of credentials leans on and brings with it, registered once.</summary>
internal static class CredentialStoreServices
{
    /// <summary>Adds the seal of the Secrets, the administration, and the writing of last uses.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="prefixOf">Gives what every new Key, Secret and ApiToken begins with.</param>
    public static void AddTo(IServiceCollection services, Func<IServiceProvider, string> prefixOf)
    {
        services.AddDataProtection();
        services.TryAddSingleton(KeyRingProtection.Of);
        services.TryAddSingleton(static provider => new SecretSeal(provider.GetDataProtectionProvider()));
        services.TryAddSingleton(provider => new CredentialFormat(prefixOf(provider)));
        services.TryAddSingleton(static provider => new CredentialAdministration(
            provider.GetRequiredService<ICredentialStore>(), provider.GetRequiredService<SecretSeal>(), provider.GetRequiredService<CredentialFormat>(), provider.GetService<TimeProvider>()));
        LastUseWriter.AddTo(services);
        FollowPrefix<ApiTokenOptions>(services, prefixOf, static options => options.Prefix, static (options, prefix) => options.Prefix = prefix);
        FollowPrefix<TokenOptions>(services, prefixOf, static options => options.Prefix, static (options, prefix) => options.Prefix = prefix);
    }

    // What the store makes is to be recognised by every scheme that was not told otherwise.
    private static void FollowPrefix<TOptions>(IServiceCollection services, Func<IServiceProvider, string> prefixOf, Func<TOptions, string> get, Action<TOptions, string> set)
        where TOptions : class
        => services.AddSingleton<IPostConfigureOptions<TOptions>>(provider => new PostConfigureOptions<TOptions>(name: null, options =>
        {
            if (get(options) == CredentialFormat.UsualPrefix)
            {
                set(options, prefixOf(provider));
            }
        }));
}
