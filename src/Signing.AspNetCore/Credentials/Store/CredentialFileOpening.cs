using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Opens the file of a host, once everything that would make it unsafe or without effect is ruled out.</summary>
internal sealed class CredentialFileOpening(SoleCredentialSource source)
{
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
        if (source.FindOther(services) is { } other)
        {
            throw new CredentialStoreException(CredentialStoreFault.SeveralSources, other);
        }
    }

    private static CredentialStoreException Unprotected() => new(
        CredentialStoreFault.UnprotectedKeyRing,
        "The Data Protection key ring that seals the Secrets is not encrypted, and the host runs outside Development. Call AddDataProtection() with one of the ProtectKeysWith… methods, "
        + "or set CredentialFileOptions.AllowUnprotectedKeyRing if the ring's storage is protected otherwise. Keys that were written in plain are refused too: begin with a ring and a file of their own.");
}
