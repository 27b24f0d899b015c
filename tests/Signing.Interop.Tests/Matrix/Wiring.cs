using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Signing.Client;
using Signing.Interop.Tests.Support;

namespace Signing.Interop.Tests.Matrix;

/// <summary>Every caller, gateway and server of the matrix, started once.</summary>
public sealed class Wiring : IAsyncLifetime
{
    private readonly Certificate _certificate = new(Message.Hosts);
    private readonly Gateways _gateways = new();
    private readonly List<OurServer> _servers = [];
    private readonly Dictionary<string, JsonLines> _libraries = [];
    private readonly Dictionary<string, Upstreams> _theirs = [];
    private Upstreams _ours = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _ours = await Upstreams.StartAsync(_gateways, async origin =>
        {
            _servers.Add(await OurServer.StartAsync(origin));
            return _servers[^1].Port;
        });
        foreach (string name in Pair.All.Select(pair => pair.Library).Distinct())
        {
            JsonLines library = _libraries[name] = JsonLines.Start(name);
            _theirs[name] = await Upstreams.StartAsync(_gateways, async origin =>
            {
                JsonElement answer = await library.AskAsync(Job("listen", new JsonObject { ["origin"] = origin?.GetLeftPart(UriPartial.Path).TrimEnd('/') }));
                return answer.GetProperty("port").GetInt32();
            });
        }

        await _gateways.StartAsync(_certificate);
    }

    /// <summary>Has the caller of the pair sign a message and send it on its way, and verify the answer, whose status somebody may change.</summary>
    public Task<Verdict> ExchangeAsync(Pair pair, Message message, Way way, int? answerStatus = null)
    {
        Uri address = Address(message, way);
        return pair.WeSign
            ? SendOursAsync(message, address, _theirs[pair.Library].Port(way, message.Authority), HttpVersion.Version11, verifyAnswer: true, answerStatus)
            : SendTheirsAsync(_libraries[pair.Library], message, address, _ours.Port(way, message.Authority), answerStatus);
    }

    /// <summary>Has the caller of the pair sign a message and send it on its way.</summary>
    public Task<Verdict> SendAsync(Pair pair, Message message, Way way)
    {
        Uri address = Address(message, way);
        return pair.WeSign
            ? SendOursAsync(message, address, _theirs[pair.Library].Port(way, message.Authority), HttpVersion.Version11)
            : SendTheirsAsync(_libraries[pair.Library], message, address, _ours.Port(way, message.Authority));
    }

    /// <summary>Has our client sign a message and send it over HTTP/2 to a gateway, which speaks HTTP/1 to our server.</summary>
    public Task<Verdict> SendOverHttp2Async(Message message, Way way) =>
        SendOursAsync(message, Address(message, way), _ours.Port(way, message.Authority), HttpVersion.Version20);

    public async ValueTask DisposeAsync()
    {
        foreach (JsonLines library in _libraries.Values)
        {
            await library.DisposeAsync();
        }

        await _gateways.DisposeAsync();
        foreach (OurServer server in _servers)
        {
            await server.DisposeAsync();
        }

        _certificate.Dispose();
    }

    private static Uri Address(Message message, Way way) => message.Address(way == Way.Direct ? "http" : "https", way == Way.NginxStripping ? Gateways.Prefix : "");

    private async Task<Verdict> SendTheirsAsync(JsonLines library, Message message, Uri address, int port, int? answerStatus = null)
    {
        IEnumerable<(string Name, string Value)> fields = message.List.Select(value => ("X-List", value));
        if (message.Type is not null)
        {
            fields = fields.Append(("Content-Type", message.Type));
        }

        JsonElement answer = await library.AskAsync(Job("send", new JsonObject
        {
            ["method"] = message.Method,
            ["url"] = address.OriginalString,
            ["host"] = message.HostField(address.Scheme),
            ["fields"] = Rows(fields),
            ["covered"] = message.List.Length == 0 ? [] : new JsonArray("x-list"),
            ["body"] = message.Body,
            ["chunked"] = message.IsChunked,
            ["replace"] = Rows(message.Tampering),
            ["answerStatus"] = answerStatus,
            ["port"] = port,
            ["authority"] = _certificate.Text,
            ["serverName"] = Message.Hosts[0],
        }));
        Assert.False(answer.TryGetProperty("error", out JsonElement error), error.ToString());
        return new Verdict(answer.GetProperty("status").GetInt32(), answer.GetProperty("text").GetString()!, answer.GetProperty("replaced").GetInt32(), answer.GetProperty("answer").GetString());
    }

    private async Task<Verdict> SendOursAsync(Message message, Uri address, int port, Version version, bool verifyAnswer = false, int? answerStatus = null)
    {
        TamperingStream? wire = null;
        using var transport = new SocketsHttpHandler { UseProxy = false };
        transport.SslOptions.CertificateChainPolicy = _certificate.Trust();
        transport.ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };
        transport.PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(wire = new TamperingStream(context.PlaintextStream, message.Tampering, answerStatus));
        var options = new MessageSigningOptions { Key = OurServer.Key, Secret = OurServer.Secret, AllowPlainHttp = true, Policy = PolicyFor(message), Responses = new ResponseVerificationOptions { Required = verifyAnswer } };
        using var client = new HttpClient(new MessageSigningHandler(options, transport));
        using HttpRequestMessage request = Request(message, address);
        request.Version = version;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, Cancelled);
            return new Verdict((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled), wire!.Replaced, verifyAnswer ? "verified" : null);
        }
        catch (MessageSigningException refusal)
        {
            return new Verdict(0, refusal.Message, wire!.Replaced, refusal.Status == SignatureStatus.InvalidCredential ? "the signature is another one" : refusal.Message);
        }
    }

    private static HttpRequestMessage Request(Message message, Uri address)
    {
        var request = new HttpRequestMessage(new HttpMethod(message.Method), address);
        if (message.WritesDefaultPort)
        {
            request.Headers.Host = message.HostField(address.Scheme);
        }

        if (message.List.Length > 0)
        {
            request.Headers.Add("X-List", message.List);
        }

        if (message.Body is not null)
        {
            request.Content = new StringContent(message.Body, Encoding.UTF8, message.Type!);
            request.Headers.TransferEncodingChunked = message.IsChunked;
        }

        return request;
    }

    private static SigningPolicy PolicyFor(Message message)
    {
        var usual = new SigningPolicy();
        return message.List.Length == 0 ? usual : new SigningPolicy { Components = [.. usual.Components, "x-list"] };
    }

    private static JsonObject Job(string what, JsonObject job)
    {
        job["do"] = what;
        job["key"] = OurServer.Key;
        job["secret"] = OurServer.Secret;
        return job;
    }

    private static JsonArray Rows(IEnumerable<(string, string)> rows) => [.. rows.Select(row => (JsonNode)new JsonArray(row.Item1, row.Item2))];
}
