using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signing.Tests.Support;

/// <summary>A plain socket to an API: sends exactly the bytes it is given, which no HTTP client does.</summary>
public sealed class RawHttp : IAsyncDisposable
{
    // A test that hangs is to fail, and say where.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly Socket _socket;
    private readonly BufferedStream _stream;

    private RawHttp(Socket socket)
    {
        _socket = socket;
        _stream = new BufferedStream(new NetworkStream(socket, ownsSocket: true));
    }

    public static async Task<RawHttp> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, Stop);
        return new RawHttp(socket);
    }

    public async Task SendAsync(byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            try
            {
                sent += await _socket.SendAsync(bytes.AsMemory(sent), Stop);
            }
            catch (SocketException)
            {
                // The server has answered and closed before it read everything: its answer is still to be read.
                return;
            }
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Says that nothing more comes; answers still do.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Breaks the connection, as a program that dies does.</summary>
    public void Abort() => _socket.Close(0);

    /// <summary>Reads one answer to its end; interim answers are passed over.</summary>
    public async Task<RawAnswer> ReadAsync()
    {
        string[] head;
        int status;
        do
        {
            var lines = new List<string>();
            while (await ReadLineAsync() is { Length: > 0 } line)
            {
                lines.Add(line);
            }

            head = [.. lines];
            Assert.NotEmpty(head);
            status = int.Parse(head[0].Split(' ')[1]);
        }
        while (status < 200);

        (string Name, string Value)[] fields = [.. head.Skip(1).Select(line => (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()))];
        return new RawAnswer(status, fields, await ReadBodyAsync(new RawAnswer(status, fields, [])));
    }

    /// <summary>Reads the head of one answer and returns its first line.</summary>
    public async Task<string> ReadStatusLineAsync()
    {
        string first = await ReadLineAsync();
        while ((await ReadLineAsync()).Length > 0)
        {
            Assert.NotEmpty(first);
        }

        return first;
    }

    /// <summary>Reads whatever comes until the server closes; empty if nothing does.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var content = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(content, Stop).WaitAsync(Patience, Stop);
        }
        catch (IOException)
        {
            // A server may break the connection instead of closing it: what came before counts.
        }

        return Encoding.Latin1.GetString(content.ToArray());
    }

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();

    private async Task<byte[]> ReadBodyAsync(RawAnswer head)
    {
        if (head["Transfer-Encoding"] != "chunked")
        {
            byte[] body = new byte[int.Parse(head["Content-Length"] ?? "0")];
            await _stream.ReadExactlyAsync(body, Stop).AsTask().WaitAsync(Patience, Stop);
            return body;
        }

        using var content = new MemoryStream();
        while (true)
        {
            byte[] chunk = new byte[int.Parse(await ReadLineAsync(), NumberStyles.HexNumber)];
            await _stream.ReadExactlyAsync(chunk, Stop).AsTask().WaitAsync(Patience, Stop);
            content.Write(chunk);
            await ReadLineAsync();
            if (chunk.Length == 0)
            {
                return content.ToArray();
            }
        }
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (await _stream.ReadAsync(one, Stop).AsTask().WaitAsync(Patience, Stop) == 1)
        {
            if (one[0] == '\n')
            {
                break;
            }

            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd('\r');
    }
}
