using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Signing.AspNetCore;

/// <summary>Registers a store as the source of all credentials, and finds what else the host takes for one: of two, only one would be asked.</summary>
/// <param name="registered">The host's services.</param>
/// <param name="registration">The method that registers the store.</param>
internal sealed class SoleCredentialSource(IServiceCollection registered, string registration)
{
    private static readonly Type[] Sources = [typeof(ICredentialSource), typeof(IApiTokenSource), typeof(ISharingKeySource), typeof(ICredentialStore)];

    // What this registration has added itself.
    private readonly HashSet<ServiceDescriptor> _own = [];

    public void Add<TStore>()
        where TStore : class, ICredentialStore
    {
        Add<ICredentialStore>(static provider => provider.GetRequiredService<TStore>());
        Add<ICredentialSource>(static provider => provider.GetRequiredService<TStore>());
        Add<IApiTokenSource>(static provider => provider.GetRequiredService<TStore>());
        Add<ISharingKeySource>(static provider => provider.GetRequiredService<TStore>());
    }

    /// <summary>Says what else there is, and what to do about it; null if there is nothing.</summary>
    public string? FindOther(IServiceProvider services)
    {
        ServiceDescriptor? other = registered.FirstOrDefault(descriptor =>
            !descriptor.IsKeyedService && Sources.Contains(descriptor.ServiceType) && !_own.Contains(descriptor) && !DoorServices.IsStandIn(descriptor));
        if (other is not null)
        {
            return $"{registration} and another {other.ServiceType.Name} are registered, of which only one would be asked. Keep one of them, or register the other for one scheme: "
                + $"services.AddKeyedSingleton<{other.ServiceType.Name}>(scheme, …).";
        }

        // A scheme may read the configuration for itself.
        if (registered.Any(descriptor => descriptor.IsKeyedService && Sources.Contains(descriptor.ServiceType)))
        {
            return null;
        }

        IConfigurationSection? section = services.GetService<IConfiguration>()?.GetSection(ConfigurationCredentialSource.DefaultSection);
        return ConfigurationNames.Known.FirstOrDefault(name => section?.GetSection(name).GetChildren().Any() == true) is { } ignored
            ? $"The configuration has {section!.Path}:{ignored}, which nobody reads beside {registration}: a suspension there would have no effect. Remove it and create the credentials in the store, "
                + $"leave {registration} out, or let one scheme read the configuration: services.AddKeyedSingleton<ICredentialSource>(scheme, (services, _) => new ConfigurationCredentialSource(…))."
            : null;
    }

    private void Add<T>(Func<IServiceProvider, T> source)
        where T : class
    {
        ServiceDescriptor descriptor = ServiceDescriptor.Singleton(source);
        _own.Add(descriptor);
        registered.Add(descriptor);
    }
}
