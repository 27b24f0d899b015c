using System.Globalization;
using System.Text;

namespace Signing.Tool;

/// <summary>RFC 9112 §2. Reads a raw HTTP/1.1 request from a file, and shows it to the protocol as it stands there.</summary>
internal sealed class RawRequest : ISignableMessage
{
    private readonly List<(string Name, string Value)> _fields = [];

    private RawRequest(string method, string target, string version, string scheme)
    {
        MethodText = method;
        Target = target;
        Version = version;
        SchemeText = scheme;
    }

    public string MethodText { get; }

    public string Target { get; }

    public string Version { get; }

    public string SchemeText { get; }

    public byte[] Content { get; private set; } = [];

    public string AuthorityText => LinesOf("host") is [var host] ? host : "";

    public ReadOnlySpan<char> Method => MethodText;

    public ReadOnlySpan<char> Scheme => SchemeText;

    public ReadOnlySpan<char> Authority => AuthorityText;

    public ReadOnlySpan<char> RequestTarget => Target;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        string[] lines = LinesOf(lowerCaseName.ToString());
        count = lines.Length;
        return index < count ? lines[index] : default;
    }

    public string[] LinesOf(string name) =>
        [.. _fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value)];

    public void Add(string name, string value) => _fields.Add((name, value));

    /// <summary>Writes the signature base of a list of components with its parameters; <see langword="null"/> if one has no value here.</summary>
    public string? BaseOf(string text) => CapturedSignature.BaseOf(this, text, new VerificationPolicy());

    /// <summary>Reads a request.</summary>
    /// <param name="bytes">Request line, fields, an empty line and the content; lines end with CR LF or LF. Or what <c>curl -v</c> writes of a request.</param>
    /// <param name="scheme">What the request came by, which it does not say itself.</param>
    /// <exception cref="ToolFailure">It is no HTTP/1.1 request; the sentence says where.</exception>
    public static RawRequest Read(byte[] bytes, string scheme)
    {
        // Editors and shells of Windows put these marks in front of what they save; no request begins with one.
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw ToolFailure.Usage("This is UTF-16, as Windows PowerShell writes what it redirects by >, and no request as it was sent: have cmd or PowerShell 7 write it, or save it as UTF-8.");
        }

        bytes = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes;
        bytes = CurlOutput.FirstRequest(bytes) ?? bytes;
        int end = EndOfHead(bytes, out int content);
        string[] lines = Encoding.Latin1.GetString(bytes, 0, end).Split('\n');
        string[] start = lines[0].TrimEnd('\r').Split(' ');
        if (start[0].StartsWith("HTTP/", StringComparison.Ordinal))
        {
            throw ToolFailure.Usage($"This is a response ({Printable.Of(string.Join(' ', start.Take(2)))}), and what is wanted is a request. Responses are verified where their requests are known: by Signing.Client (Responses.Required), or by MessageVerifier in a program.");
        }

        if (start.Length != 3 || start[0].Length == 0 || start[1].Length == 0 || !start[2].StartsWith("HTTP/", StringComparison.Ordinal))
        {
            throw ToolFailure.Usage("This is not an HTTP/1.1 request, nor what curl -v writes of one: its first line is not a method, a target and a version, such as GET /orders?id=7 HTTP/1.1; a space in the target stands there as it was sent, %20.");
        }

        var request = new RawRequest(start[0], start[1], start[2], scheme);
        for (int i = 1; i < lines.Length; i++)
        {
            request.ReadLine(lines[i].TrimEnd('\r'), i + 1);
        }

        request.Content = request.ContentOf(bytes.AsSpan(content));
        return request;
    }

    /// <summary>Writes the request as it goes over the wire.</summary>
    public byte[] ToBytes()
    {
        var head = new StringBuilder($"{MethodText} {Target} {Version}\r\n");
        foreach ((string name, string value) in _fields)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. Content];
    }

    private void ReadLine(string line, int number)
    {
        // RFC 9112 §5.2: a line that begins with white space goes on with the one before.
        if (line.Length > 0 && line[0] is ' ' or '\t' && _fields.Count > 0)
        {
            _fields[^1] = (_fields[^1].Name, $"{_fields[^1].Value}\r\n{line}");
            return;
        }

        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || line.AsSpan(0, colon).ContainsAnyExceptInRange('!', '~'))
        {
            throw ToolFailure.Usage(string.Create(CultureInfo.InvariantCulture, $"This is not an HTTP/1.1 request: line {number} is not a field name, a colon and a value."));
        }

        _fields.Add((line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
    }

    // RFC 9530 §2: the digest is of the content without its transfer coding. What an editor adds behind Content-Length does not count.
    private byte[] ContentOf(ReadOnlySpan<byte> rest)
    {
        if (LinesOf("transfer-encoding") is [.., var coding] && coding.EndsWith("chunked", StringComparison.OrdinalIgnoreCase))
        {
            return ChunkedContent.TryRead(rest, out byte[] content) ? content : rest.ToArray();
        }

        return LinesOf("content-length") is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length < rest.Length
            ? rest[..length].ToArray()
            : rest.ToArray();
    }

    private static int EndOfHead(ReadOnlySpan<byte> bytes, out int content)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '\n')
            {
                continue;
            }

            int next = i + 1 < bytes.Length && bytes[i + 1] == '\r' ? i + 2 : i + 1;
            if (next < bytes.Length && bytes[next] == '\n')
            {
                content = next + 1;
                return i;
            }
        }

        // A file that ends with the last field has no content.
        content = bytes.Length;
        int end = bytes.Length;
        while (end > 0 && bytes[end - 1] is (byte)'\n' or (byte)'\r')
        {
            end--;
        }

        return end;
    }
}
