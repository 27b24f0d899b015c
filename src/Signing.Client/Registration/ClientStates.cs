using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Signing.Client;

/// <summary>Keeps one state for each named client, longer than its handlers live.</summary>
internal sealed class ClientStates(CurrentOptions<MessageSigningOptions> options, TimeProvider? time = null, ILogger<MessageSigningHandler>? log = null)
{
    private readonly ConcurrentDictionary<string, ClientState> _states = new(StringComparer.Ordinal);

    public ClientState Get(string name) =>
        _states.GetOrAdd(name, name => new ClientState(options.Of(name), time ?? TimeProvider.System, log ?? NullLogger<MessageSigningHandler>.Instance));
}
