using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Signing.Client;

/// <summary>Gives the options of each client as they are now; a section that configures every client makes all of them anew when it is reloaded.</summary>
internal sealed class CurrentOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions> : IDisposable
    where TOptions : class
{
    private readonly IOptionsMonitor<TOptions> _options;
    private readonly List<IDisposable> _subscriptions = [];

    public CurrentOptions(IOptionsMonitor<TOptions> options, IOptionsMonitorCache<TOptions> cache, IEnumerable<SharedSection<TOptions>> shared)
    {
        _options = options;
        foreach (SharedSection<TOptions> section in shared)
        {
            _subscriptions.Add(ChangeToken.OnChange(section.Configuration.GetReloadToken, cache.Clear));
        }
    }

    public Func<TOptions> Of(string client) => () => _options.Get(client);

    public void Dispose() => _subscriptions.ForEach(static subscription => subscription.Dispose());
}
