using Microsoft.Extensions.DependencyInjection;

namespace Signing.AspNetCore;

/// <summary>Asks whether the key ring still opens the canary that stands beside the Secrets.</summary>
internal static class SecretHealth
{
    public static List<HealthFinding> Ask(IServiceProvider services) =>
        services.GetService<FileCredentialStore>() is { } file ? [Of(services.GetRequiredService<SecretSeal>(), file.Canary)] : [];

    /// <summary>Says what a canary tells of the key ring.</summary>
    public static HealthFinding Of(SecretSeal seal, ReadOnlyMemory<byte> canary)
    {
        if (!seal.OpensCanary(canary))
        {
            return HealthFinding.Unhealthy("The Data Protection key ring does not open what it has sealed: keys of it are deleted or revoked, or it is another one. Secrets that are not in memory cannot be used.");
        }

        return seal.RenewCanary(canary) is null
            ? HealthFinding.Healthy("The key ring opens what is sealed, with its newest key.")
            : HealthFinding.Degraded("The key ring opens what is sealed, but with an older key: Secrets are sealed anew at the next start or by the next node that starts. Keep the older key until then.");
    }
}
