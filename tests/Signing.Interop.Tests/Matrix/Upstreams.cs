using Signing.Interop.Tests.Support;

namespace Signing.Interop.Tests.Matrix;

/// <summary>The servers of one verifier: one that goes by the request, the others told their public origin.</summary>
public sealed class Upstreams
{
    // By the way, and by the authority where the server behind it knows only one.
    private readonly Dictionary<(Way Way, string? Authority), int> _ports = [];

    private Upstreams()
    {
    }

    /// <summary>Starts the servers, and puts the gateways in front of them.</summary>
    public static async Task<Upstreams> StartAsync(Gateways gateways, Func<Uri?, Task<int>> start)
    {
        var upstreams = new Upstreams();
        Dictionary<(Way, string?), int> ports = upstreams._ports;
        int plain = ports[(Way.Direct, null)] = await start(null);
        ports[(Way.NginxPassing, null)] = gateways.AddNginxPassing(plain);
        ports[(Way.NginxForwarding, null)] = gateways.AddNginxForwarding(plain);
        ports[(Way.Haproxy, null)] = gateways.AddHaproxy(plain);
        foreach (string authority in Message.Authorities)
        {
            ports[(Way.NginxRewriting, authority)] = gateways.AddNginxRewriting(await start(new Uri($"https://{authority}")));
            ports[(Way.NginxStripping, authority)] = gateways.AddNginxStripping(await start(new Uri($"https://{authority}{Gateways.Prefix}")));
        }

        return upstreams;
    }

    public int Port(Way way, string authority) => _ports.TryGetValue((way, null), out int port) ? port : _ports[(way, authority)];
}
