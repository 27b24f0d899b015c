using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Holds one verifier for each scheme, rebuilt when the scheme's options are reloaded.</summary>
internal sealed class RequestVerifiers(
    IServiceProvider services, IOptionsMonitor<SignatureOptions> monitor, IEnumerable<SignatureScheme> schemes, TokenDoors doors, ClaimsTransformations transformations, LastUses uses,
    SigningMetrics metrics, ILoggerFactory loggers)
{
    private readonly Dictionary<string, RequestVerifier> _building = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReplaySpan> _spans = new(StringComparer.Ordinal);
    private readonly string[] _remembered = [.. schemes.Select(scheme => scheme.Name).Where(name => services.GetKeyedService<IReplayStore>(name) is null)];
    private readonly ILogger _logger = loggers.CreateLogger(SignatureDefaults.TelemetryName);

    // Not where the token endpoints judge signatures by the options of a scheme that is registered nowhere.
    private volatile bool _isOnly = schemes.Count() == 1;

    private SharedReplayMemory? _memory;

    // Replaced as a whole, so that readers need no lock.
    private volatile Dictionary<string, RequestVerifier> _verifiers = new(StringComparer.Ordinal);

    private bool IsDevelopment => services.GetService<IHostEnvironment>()?.IsDevelopment() ?? false;

    public ClaimsTransformations Transformations => transformations;

    public RequestVerifier Get(string scheme) => Get(scheme, monitor.Get(scheme));

    /// <summary>Gets what the endpoint requires of several schemes; <see langword="null"/> if it leaves that to one.</summary>
    public SignaturesRequirement? RequiredOf(HttpContext context) => _isOnly ? null : context.GetEndpoint()?.Metadata.GetMetadata<SignaturesRequirement>();

    /// <summary>Gets the verifier of a scheme by the options that hold now, be those that were read others.</summary>
    public RequestVerifier Get(string scheme, SignatureOptions options) =>
        _verifiers.TryGetValue(scheme, out RequestVerifier? verifier) && ReferenceEquals(verifier.Options, options)
            ? verifier
            : Build(scheme);

    private RequestVerifier Build(string scheme)
    {
        lock (_building)
        {
            // Read anew: a request that began before a reload must not bring back the options that it began with, and begin the replay memory anew with them.
            SignatureOptions options = monitor.Get(scheme);
            if (_building.TryGetValue(scheme, out RequestVerifier? current) && ReferenceEquals(current.Options, options))
            {
                return current;
            }

            _isOnly = _isOnly && schemes.First().Name == scheme;
            var verifier = new RequestVerifier(
                scheme,
                options,
                KeysOf(scheme),
                ReplayStoreFor(scheme, options, current),
                doors,
                uses,
                options.ShowSignatureBase ?? IsDevelopment ? new ShownSignatureBase(options.Policy, doors, IsDevelopment) : null,
                () => _isOnly,
                services.GetService<ResponseSigning>() is not null,
                metrics,
                _logger);
            _building[scheme] = verifier;
            _verifiers = new Dictionary<string, RequestVerifier>(_building, StringComparer.Ordinal);
            return verifier;
        }
    }

    private ICredentialSource SourceOf(string scheme) => services.GetKeyedService<ICredentialSource>(scheme) ?? services.GetRequiredService<ICredentialSource>();

    private KeyLookUp KeysOf(string scheme) => new(SourceOf(scheme), exception => Log.CredentialSourceFailed(_logger, scheme, exception));

    private IReplayStore ReplayStoreFor(string scheme, SignatureOptions options, RequestVerifier? current)
    {
        IReplayStore? shared = services.GetKeyedService<IReplayStore>(scheme) ?? services.GetService<IReplayStore>();
        if (shared is not null)
        {
            return shared;
        }

        // What one scheme has accepted another one would accept once more, if it knows the same key and does not know of it. Whether two
        // sources know the same key, nobody can say: it may be copied from one to the other while callers use it.
        if (_remembered.Length > 1)
        {
            _memory ??= new SharedReplayMemory(_remembered.ToDictionary(name => name, monitor.Get, StringComparer.Ordinal), floorByDefault: !IsDevelopment);
            _memory.Use(scheme, options);
            return _memory;
        }

        // A reload must not forget what was accepted, unless the time to remember has changed; then the new store's floor holds.
        bool isReload = _spans.TryGetValue(scheme, out ReplaySpan before);
        ReplaySpan span = before.Then(ReplaySpan.Of(options.Policy));
        if (isReload && span == before)
        {
            return current!.Replay;
        }

        _spans[scheme] = span;
        return span.Open(options.Replay.Capacity, isReload || (options.Replay.FloorAtStart ?? !IsDevelopment), options.TimeProvider, current?.Replay as InMemoryReplayStore);
    }
}
