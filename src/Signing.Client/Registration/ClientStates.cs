using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Keeps one state for each named client, longer than its handlers live.</summary>
internal sealed class ClientStates : IDisposable
{
    private readonly ConcurrentDictionary<string, ClientState> _states = new(StringComparer.Ordinal);
    private readonly Func<string, ClientState> _create;
    private readonly List<IDisposable> _subscriptions = [];

    public ClientStates(IOptionsMonitor<MessageSigningOptions> options, IOptionsMonitorCache<MessageSigningOptions> cache, IEnumerable<SharedSection> shared, TimeProvider? time = null, ILogger<MessageSigningHandler>? log = null)
    {
        _create = name => new ClientState(() => options.Get(name), time ?? TimeProvider.System, log ?? NullLogger<MessageSigningHandler>.Instance);
        foreach (SharedSection section in shared)
        {
            _subscriptions.Add(Microsoft.Extensions.Primitives.ChangeToken.OnChange(section.Configuration.GetReloadToken, cache.Clear));
        }
    }

    public ClientState Get(string name) => _states.GetOrAdd(name, _create);

    public void Dispose() => _subscriptions.ForEach(static subscription => subscription.Dispose());
}
