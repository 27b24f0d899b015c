using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signing.Tests.Support;

/// <summary>RFC 9113 and RFC 7541, as much as one request needs: sends frames with exactly the fields it is given, which no HTTP client does.</summary>
/// <remarks>It asks for no dynamic table, so that an answer can be read with the static one; Kestrel uses no Huffman code.</remarks>
public static class RawHttp2
{
    private const int FrameHeadBytes = 9;
    private const byte EndOfStream = 1;
    private const byte EndOfHeaders = 4;
    private const byte Cancel = 8;

    // A test that hangs is to fail, and say where.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] StaticNames =
    [
        "", ":authority", ":method", ":method", ":path", ":path", ":scheme", ":scheme", ":status", ":status", ":status", ":status", ":status", ":status", ":status",
        "accept-charset", "accept-encoding", "accept-language", "accept-ranges", "accept", "access-control-allow-origin", "age", "allow", "authorization",
        "cache-control", "content-disposition", "content-encoding", "content-language", "content-length", "content-location", "content-range", "content-type",
        "cookie", "date", "etag", "expect", "expires", "from", "host", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since",
        "last-modified", "link", "location", "max-forwards", "proxy-authenticate", "proxy-authorization", "range", "referer", "refresh", "retry-after", "server",
        "set-cookie", "strict-transport-security", "transfer-encoding", "user-agent", "vary", "via", "www-authenticate",
    ];

    private static readonly string[] StaticStatuses = ["200", "204", "206", "304", "400", "404", "500"];

    private enum FrameType : byte
    {
        Data = 0,
        Headers = 1,
        Reset = 3,
        Settings = 4,
        GoAway = 7,
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Sends one request over a connection of its own.</summary>
    /// <param name="port">Where an HTTP/2 server listens by prior knowledge.</param>
    /// <param name="fields">The fields, pseudo-header fields first, as they go out.</param>
    /// <param name="body">The content, if any.</param>
    /// <returns>The answer; status 0 if the server broke off the stream or the connection instead.</returns>
    public static async Task<RawAnswer> SendAsync(int port, IEnumerable<(string Name, string Value)> fields, byte[]? body = null)
    {
        await using Stream connection = await ConnectAsync(port);
        await WriteRequestAsync(connection, 1, fields, body);
        return await ReadAsync(connection, 1).WaitAsync(Patience, Stop);
    }

    /// <summary>Sends a request that waits for 100, then a part of its content, and resets its stream; then sends another request over the same connection.</summary>
    /// <returns>The answer to the other request.</returns>
    public static async Task<RawAnswer> SendAfterResetAsync(
        int port, IEnumerable<(string Name, string Value)> fields, byte[] part, IEnumerable<(string Name, string Value)> next, byte[]? nextBody)
    {
        await using Stream connection = await ConnectAsync(port);
        await WriteFrameAsync(connection, FrameType.Headers, EndOfHeaders, 1, Encode(fields));
        Assert.Equal(100, (await ReadAsync(connection, 1).WaitAsync(Patience, Stop)).Status);
        await WriteFrameAsync(connection, FrameType.Data, 0, 1, part);
        await WriteFrameAsync(connection, FrameType.Reset, 0, 1, [0, 0, 0, Cancel]);
        await WriteRequestAsync(connection, 3, next, nextBody);
        return await ReadAsync(connection, 3).WaitAsync(Patience, Stop);
    }

    private static async Task<Stream> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, Stop);
        var connection = new NetworkStream(socket, ownsSocket: true);
        await connection.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), Stop);
        await WriteFrameAsync(connection, FrameType.Settings, 0, 0, [0, 1, 0, 0, 0, 0]);
        return connection;
    }

    private static async Task WriteRequestAsync(Stream connection, int stream, IEnumerable<(string Name, string Value)> fields, byte[]? body)
    {
        await WriteFrameAsync(connection, FrameType.Headers, body is null ? (byte)(EndOfHeaders | EndOfStream) : EndOfHeaders, stream, Encode(fields));
        if (body is not null)
        {
            await WriteFrameAsync(connection, FrameType.Data, EndOfStream, stream, body);
        }
    }

    private static byte[] Encode(IEnumerable<(string Name, string Value)> fields)
    {
        using var block = new MemoryStream();
        foreach ((string name, string value) in fields)
        {
            block.WriteByte(0); // A literal that is not indexed, with a new name.
            WriteString(block, name);
            WriteString(block, value);
        }

        return block.ToArray();
    }

    // An interim answer is one too.
    private static async Task<RawAnswer> ReadAsync(Stream connection, int stream)
    {
        List<(string Name, string Value)> fields = [];
        using var content = new MemoryStream();
        byte[] head = new byte[FrameHeadBytes];
        while (await connection.ReadAtLeastAsync(head, FrameHeadBytes, throwOnEndOfStream: false, Stop) == FrameHeadBytes)
        {
            byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
            await connection.ReadExactlyAsync(payload, Stop);
            if (BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) is not 0 and int id && id != stream)
            {
                continue;
            }

            switch ((FrameType)head[3])
            {
                case FrameType.Reset or FrameType.GoAway:
                    return new RawAnswer(0, [], []);
                case FrameType.Headers:
                    fields.AddRange(Decode(payload));
                    break;
                case FrameType.Data:
                    content.Write(payload);
                    break;
            }

            string? status = fields.SingleOrDefault(field => field.Name == ":status").Value;
            if (status is "100" || ((FrameType)head[3] is FrameType.Headers or FrameType.Data && (head[4] & EndOfStream) != 0))
            {
                return new RawAnswer(int.Parse(status!), [.. fields], content.ToArray());
            }
        }

        return new RawAnswer(0, [], []);
    }

    private static List<(string Name, string Value)> Decode(byte[] block)
    {
        List<(string Name, string Value)> fields = [];
        for (int at = 0; at < block.Length;)
        {
            byte first = block[at];
            if ((first & 0x80) != 0)
            {
                int indexed = ReadInteger(block, ref at, 7);
                fields.Add((StaticNames[indexed], StaticStatuses[indexed - 8]));
            }
            else if ((first & 0xE0) == 0x20)
            {
                ReadInteger(block, ref at, 5); // The size of the dynamic table: none.
            }
            else
            {
                int index = ReadInteger(block, ref at, (first & 0x40) != 0 ? 6 : 4);
                string name = index == 0 ? ReadString(block, ref at) : StaticNames[index];
                fields.Add((name, ReadString(block, ref at)));
            }
        }

        return fields;
    }

    private static int ReadInteger(byte[] block, ref int at, int prefixBits)
    {
        int max = (1 << prefixBits) - 1;
        int value = block[at++] & max;
        for (int shift = 0; value >= max; shift += 7)
        {
            byte next = block[at++];
            value += (next & 0x7F) << shift;
            if ((next & 0x80) == 0)
            {
                break;
            }
        }

        return value;
    }

    private static string ReadString(byte[] block, ref int at)
    {
        Assert.Equal(0, block[at] & 0x80);
        int length = ReadInteger(block, ref at, 7);
        at += length;
        return Encoding.Latin1.GetString(block, at - length, length);
    }

    private static void WriteString(Stream block, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int rest = bytes.Length - 127;
        block.WriteByte((byte)Math.Min(bytes.Length, 127));
        for (; rest >= 128; rest >>= 7)
        {
            block.WriteByte((byte)(rest | 0x80));
        }

        if (rest >= 0)
        {
            block.WriteByte((byte)rest);
        }

        block.Write(bytes);
    }

    private static async Task WriteFrameAsync(Stream stream, FrameType type, byte flags, int id, byte[] payload)
    {
        byte[] head = new byte[FrameHeadBytes];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8);
        head[3] = (byte)type;
        head[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(5), id);
        await stream.WriteAsync(head, Stop);
        await stream.WriteAsync(payload, Stop);
    }
}
