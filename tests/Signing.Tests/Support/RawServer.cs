using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signing.Tests.Support;

/// <summary>Listens on a free loopback port, keeps what arrives byte for byte, and answers what the test says.</summary>
public sealed class RawServer : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<RawRequest> _requests = new();
    private readonly Task _accepting;

    public RawServer()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    /// <summary>Gets what arrived, in order.</summary>
    public RawRequest[] Requests => [.. _requests];

    /// <summary>Gets or sets what answers a request; the number of requests before it is the second argument.</summary>
    public Func<RawRequest, int, string> Answer { get; set; } = static (_, _) => Ok;

    /// <summary>Gets or sets whether the connection is closed behind an answer.</summary>
    public bool EndsConnection { get; set; }

    public static string Refuse(string code, string headers = "", int status = 401) =>
        $"HTTP/1.1 {status} No\r\nWWW-Authenticate: Signature realm=\"test, error=\\\"x\\\"\", error=\"{code}\"\r\n{headers}Content-Length: 0\r\n\r\n";

    /// <summary>Opens a connection to this server, whatever address was asked for.</summary>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception end) when (end is OperationCanceledException || _stop.IsCancellationRequested)
        {
            // On Windows what is stopped while it begins is an aborted accept.
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var stream = new BufferedStream(client.GetStream());
                while (await ReadHeadAsync(stream) is { } head)
                {
                    var request = new RawRequest(head, []);
                    if (request.Lines("expect").Length > 0)
                    {
                        await WriteAsync(stream, "HTTP/1.1 100 Continue\r\n\r\n");
                    }

                    request = new RawRequest(head, await ReadBodyAsync(stream, request));
                    int before = _requests.Count;
                    _requests.Enqueue(request);
                    await WriteAsync(stream, Answer(request, before));
                    if (EndsConnection)
                    {
                        return;
                    }
                }
            }
            catch (Exception end) when (end is OperationCanceledException or IOException)
            {
                // The client has gone, or the test is over.
            }
        }
    }

    private async Task<byte[]> ReadBodyAsync(Stream stream, RawRequest request)
    {
        if (request.Lines("transfer-encoding").Length == 0)
        {
            byte[] body = new byte[request.Lines("content-length") is [var length] ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
            await stream.ReadExactlyAsync(body, _stop.Token);
            return body;
        }

        using var content = new MemoryStream();
        while (true)
        {
            int size = int.Parse(await ReadLineAsync(stream) ?? throw new EndOfStreamException(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            byte[] chunk = new byte[size];
            await stream.ReadExactlyAsync(chunk, _stop.Token);
            content.Write(chunk);
            await ReadLineAsync(stream);
            if (size == 0)
            {
                return content.ToArray();
            }
        }
    }

    private async Task<string?> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        while (await ReadLineAsync(stream) is { } line)
        {
            if (line.Length == 0)
            {
                return head.ToString();
            }

            head.Append(head.Length == 0 ? "" : "\r\n").Append(line);
        }

        return null;
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString(0, line.Length - 1);
            }

            line.Append((char)one[0]);
        }

        return null;
    }

    private async Task WriteAsync(Stream stream, string text)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), _stop.Token);
        await stream.FlushAsync(_stop.Token);
    }
}
