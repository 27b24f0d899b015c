using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Opens the file of a host, once everything that would make it unsafe or without effect is ruled out.</summary>
internal sealed class CredentialFileOpening(IServiceCollection registered)
{
    private static readonly Type[] Sources = [typeof(ICredentialSource), typeof(IApiTokenSource), typeof(ISharingKeySource), typeof(ICredentialStore)];

    // What this registration has added itself.
    private readonly HashSet<ServiceDescriptor> _own = [];

    public void Add<T>(Func<IServiceProvider, T> source)
        where T : class
    {
        ServiceDescriptor descriptor = ServiceDescriptor.Singleton(source);
        _own.Add(descriptor);
        registered.Add(descriptor);
    }

    public FileCredentialStore Open(IServiceProvider services)
    {
        CredentialFileOptions options = services.GetRequiredService<IOptions<CredentialFileOptions>>().Value;
        options.Validate();
        string path = Path.GetFullPath(Path.Combine(services.GetService<IHostEnvironment>()?.ContentRootPath ?? "", options.Path!));
        RequireToBeHidden(path, services.GetService<IWebHostEnvironment>()?.WebRootPath);
        RequireToBeAlone(services);

        // Before the file is opened, so that nothing is sealed with a key ring that is refused.
        ILogger<FileCredentialStore>? logger = services.GetService<ILogger<FileCredentialStore>>();
        services.GetRequiredService<KeyRingProtection>().Require(options.AllowUnprotectedKeyRing, () => logger?.CredentialKeyRingUnprotected(path), Unprotected);
        return FileCredentialStore.Open(path, services.GetRequiredService<SecretSeal>(), services.GetService<TimeProvider>(), logger);
    }

    private static void RequireToBeHidden(string path, string? webRoot)
    {
        if (!string.IsNullOrEmpty(webRoot) && path.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(webRoot)) + Path.DirectorySeparatorChar, StringComparison.OrdinalIgnoreCase))
        {
            throw new OptionsValidationException(
                nameof(CredentialFileOptions), typeof(CredentialFileOptions), ["Path lies in the web root, whose files are served to anybody. Choose a folder outside, such as data/credentials.json."]);
        }
    }

    private void RequireToBeAlone(IServiceProvider services)
    {
        ServiceDescriptor? other = registered.FirstOrDefault(descriptor =>
            !descriptor.IsKeyedService && Sources.Contains(descriptor.ServiceType) && !_own.Contains(descriptor) && !DoorServices.IsStandIn(descriptor));
        if (other is not null)
        {
            throw new CredentialStoreException(
                CredentialStoreFault.SeveralSources,
                $"AddSigningCredentialFile and another {other.ServiceType.Name} are registered, of which only one would be asked. Keep one of them, or register the other for one scheme: "
                + $"services.AddKeyedSingleton<{other.ServiceType.Name}>(scheme, …).");
        }

        // A scheme may read the configuration for itself.
        if (registered.Any(descriptor => descriptor.IsKeyedService && Sources.Contains(descriptor.ServiceType)))
        {
            return;
        }

        IConfigurationSection? section = services.GetService<IConfiguration>()?.GetSection(ConfigurationCredentialSource.DefaultSection);
        if (ConfigurationNames.Known.FirstOrDefault(name => section?.GetSection(name).GetChildren().Any() == true) is { } ignored)
        {
            throw new CredentialStoreException(
                CredentialStoreFault.SeveralSources,
                $"The configuration has {section!.Path}:{ignored}, which nobody reads beside AddSigningCredentialFile: a suspension there would have no effect. Remove it and create the credentials in the file, "
                + "leave AddSigningCredentialFile out, or let one scheme read the configuration: services.AddKeyedSingleton<ICredentialSource>(scheme, (services, _) => new ConfigurationCredentialSource(…)).");
        }
    }

    private static CredentialStoreException Unprotected() => new(
        CredentialStoreFault.UnprotectedKeyRing,
        "The Data Protection key ring that seals the Secrets is not encrypted, and the host runs outside Development. Call AddDataProtection() with one of the ProtectKeysWith… methods, "
        + "or set CredentialFileOptions.AllowUnprotectedKeyRing if the ring's storage is protected otherwise. Keys that were written in plain are refused too: begin with a ring and a file of their own.");
}
