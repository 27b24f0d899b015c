using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Signing.AspNetCore;

/// <summary>Finds KeyPairs, ApiTokens and sharing keys in configuration, all in memory, and reads them again whenever the configuration changes.</summary>
/// <remarks>
/// A change takes effect with the next request; a reload that brings none leaves everything as it is, and is not logged. A change that cannot be used is logged as an error and has no effect at
/// all: watch for it, because a suspension may be part of it. Made for hundreds of credentials; for many thousands, or for
/// changes from a page, use a store.
/// </remarks>
public sealed class ConfigurationCredentialSource : ICredentialSource, IApiTokenSource, ISharingKeySource, IDisposable
{
    /// <summary>The section that is read unless another is named.</summary>
    public const string DefaultSection = "Signing";

    private readonly IConfigurationSection _section;
    private readonly ILogger _logger;
    private readonly IDisposable _changes;
    private readonly Lock _gate = new();
    private volatile CredentialSnapshot _snapshot;
    private volatile bool _isBehind;
    private byte[]? _lastRead;

    /// <summary>Reads <c>Credentials</c>, <c>ApiTokens</c>, <c>SharingKeys</c>, <c>Applications</c> and <c>Workspaces</c> below a section, and watches it.</summary>
    /// <param name="configuration">The root of the configuration.</param>
    /// <param name="logger">Learns of every change that is read, refused ones as errors; <see langword="null"/> keeps silent.</param>
    /// <param name="section">The path of the section.</param>
    /// <exception cref="OptionsValidationException">An entry cannot be used; the message names the path of each, up to twenty, and quotes no value.</exception>
    public ConfigurationCredentialSource(IConfiguration configuration, ILogger<ConfigurationCredentialSource>? logger = null, string section = DefaultSection)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrEmpty(section);
        _section = configuration.GetSection(section);
        _logger = logger ?? NullLogger<ConfigurationCredentialSource>.Instance;
        _snapshot = CredentialSnapshot.Empty;

        // Watched before it is read, so that no change falls between the two.
        _changes = ChangeToken.OnChange(_section.GetReloadToken, ReadAgain);
        ConfigurationFailures failures = Read();
        if (failures.Any)
        {
            _changes.Dispose();
            throw new OptionsValidationException(section, typeof(Credential), failures.All);
        }
    }

    /// <summary>Gets how many KeyPairs and ApiTokens are in force.</summary>
    internal int Count => _snapshot.KeyPairs + _snapshot.Tokens;

    /// <summary>Gets whether the configuration has changed since, and cannot be used.</summary>
    internal bool IsBehind => _isBehind;

    /// <inheritdoc/>
    /// <returns>Always <see langword="true"/>: what is not in memory is unknown.</returns>
    public bool TryGetCached(ReadOnlySpan<char> key, out Credential? credential)
    {
        credential = _snapshot.Find(key);
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    public ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new ValueTask<Credential?>(_snapshot.Find(key));
    }

    /// <inheritdoc/>
    /// <returns>Always <see langword="true"/>: what is not in memory is unknown.</returns>
    public bool TryGetCached(in TokenHash hash, out Credential? token)
    {
        token = _snapshot.Find(hash);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<Credential?> FindAsync(TokenHash hash, CancellationToken cancellationToken) => new(_snapshot.Find(hash));

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is <see langword="null"/>.</exception>
    /// <returns>Always <see langword="true"/>: what is not in memory is unknown.</returns>
    public bool TryGetCached(string id, out SharingKey? key)
    {
        ArgumentNullException.ThrowIfNull(id);
        key = _snapshot.FindSharingKey(id);
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is <see langword="null"/>.</exception>
    public ValueTask<SharingKey?> FindByIdAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new ValueTask<SharingKey?>(_snapshot.FindSharingKey(id));
    }

    ValueTask<SharingKey?> ISharingKeySource.FindAsync(TokenHash hash, CancellationToken cancellationToken) => new(_snapshot.FindSharingKey(hash));

    /// <summary>Stops watching the configuration; what was read last stays.</summary>
    public void Dispose() => _changes.Dispose();

    private void ReadAgain()
    {
        try
        {
            ConfigurationFailures failures = Read();
            if (failures.Any)
            {
                _logger.CredentialsRefused(_section.Path, string.Join("; ", failures.All));
            }
        }
        catch (Exception exception)
        {
            // Whatever a source of configuration throws that asks its server only now: whoever raised the change can do nothing about it.
            _isBehind = true;
            _logger.CredentialsUnread(_section.Path, exception);
        }
    }

    // Under a lock, so that of two changes at once the reading that began last also counts last.
    private ConfigurationFailures Read()
    {
        lock (_gate)
        {
            using var record = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[]? before = _lastRead;
            _lastRead = null;
            ConfigurationFailures failures = new();
            CredentialSnapshot? snapshot = CredentialSnapshot.Read(new RecordedSection(_section, record), failures);
            _lastRead = record.GetHashAndReset();
            if (before is not null && before.AsSpan().SequenceEqual(_lastRead))
            {
                return new ConfigurationFailures();
            }

            if (snapshot is null)
            {
                _isBehind = true;
                return failures;
            }

            _snapshot = snapshot;
            _isBehind = false;
            if (snapshot.KeyPairs + snapshot.Tokens == 0)
            {
                _logger.CredentialsEmpty(_section.Path);
                return failures;
            }

            _logger.CredentialsRead(snapshot.KeyPairs, snapshot.Tokens, snapshot.SharingKeys, _section.Path);
            return failures;
        }
    }
}
