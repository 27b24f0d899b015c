using Microsoft.Extensions.DependencyInjection;

namespace Signing.AspNetCore;

/// <summary>Asks the sources of credentials: those of ours what they know of themselves, any other for a key that nobody has.</summary>
internal static class CredentialHealth
{
    private const string NobodysKey = "signing-health-check";

    public static async ValueTask<List<HealthFinding>> AskAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        List<HealthFinding> findings = [];
        foreach (ICredentialSource source in SourcesOf(services))
        {
            findings.Add(source switch
            {
                ConfigurationCredentialSource configuration => Of(configuration),
                FileCredentialStore file => Of(file),
                _ => await OfAsync(source, cancellationToken).ConfigureAwait(false),
            });
        }

        return findings;
    }

    // Where a store has a question of its own, that is better than a look-up.
    private static IEnumerable<ICredentialSource> SourcesOf(IServiceProvider services)
    {
        IEnumerable<ICredentialSource> sources = services.GetServices<SignatureScheme>().Select(scheme => services.GetKeyedService<ICredentialSource>(scheme.Name)).OfType<ICredentialSource>();
        if (!services.GetServices<HealthQuestion>().Any(static question => question.Subject == HealthSubject.Credentials) && services.GetService<ICredentialSource>() is { } usual)
        {
            sources = sources.Append(usual);
        }

        return sources.Distinct();
    }

    private static HealthFinding Of(ConfigurationCredentialSource configuration)
    {
        (string, object)[] data = [("store", "configuration"), ("credentials", configuration.Count)];
        if (configuration.IsBehind)
        {
            return HealthFinding.Degraded("The configuration has changed and cannot be used; what was read before is in force, so that a suspension may have no effect. The log names the mistakes.", data);
        }

        return configuration.Count == 0
            ? HealthFinding.Degraded("The configuration has no credentials, so that every request is refused.", data)
            : HealthFinding.Healthy("The credentials of the configuration are in force.", data);
    }

    private static HealthFinding Of(FileCredentialStore file) => file.State switch
    {
        CredentialFileState.Open => HealthFinding.Healthy("The file of credentials is open and can be written.", ("store", "file")),
        CredentialFileState.NotWritten => HealthFinding.Degraded("The file of credentials could not be written; what has changed is in force in this process only. It is tried again.", ("store", "file")),
        CredentialFileState.Gone => HealthFinding.Degraded("The file of credentials is gone from the disk; its content is in the memory of this process only. The next change writes it.", ("store", "file")),
        _ => HealthFinding.Unhealthy("The file of credentials is closed.", ("store", "file")),
    };

    private static async ValueTask<HealthFinding> OfAsync(ICredentialSource source, CancellationToken cancellationToken)
    {
        await source.FindAsync(NobodysKey, cancellationToken).ConfigureAwait(false);
        return HealthFinding.Healthy("The source of credentials answers.", ("store", source.GetType().Name));
    }
}
