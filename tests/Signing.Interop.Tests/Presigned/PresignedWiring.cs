using System.Net.Sockets;
using Signing.Interop.Tests.Matrix;
using Signing.Interop.Tests.Support;

namespace Signing.Interop.Tests.Presigned;

/// <summary>Our server behind every gateway, and a caller that has nothing but a URL.</summary>
public sealed class PresignedWiring : IAsyncLifetime
{
    public const string Authority = "api.example.com";

    private readonly Certificate _certificate = new(Message.Hosts);
    private readonly Gateways _gateways = new();
    private readonly List<OurServer> _servers = [];
    private Upstreams _upstreams = null!;

    public async ValueTask InitializeAsync()
    {
        _upstreams = await Upstreams.StartAsync(_gateways, async origin =>
        {
            _servers.Add(await OurServer.StartAsync(origin));
            return _servers[^1].Port;
        });
        await _gateways.StartAsync(_certificate);
    }

    /// <summary>Gives the address that callers use for a path and query.</summary>
    public static string Address(Way way, string target) =>
        $"{(way == Way.Direct ? "http" : "https")}://{Authority}{(way == Way.NginxStripping ? Gateways.Prefix : "")}{target}";

    public async Task<(int Status, string Text)> FollowAsync(HttpMethod method, string url, Way way)
    {
        using var transport = new SocketsHttpHandler { UseProxy = false };
        transport.SslOptions.CertificateChainPolicy = _certificate.Trust();
        transport.ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync("127.0.0.1", _upstreams.Port(way, Authority), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(method, url);
        using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateways.DisposeAsync();
        foreach (OurServer server in _servers)
        {
            await server.DisposeAsync();
        }

        _certificate.Dispose();
    }
}
