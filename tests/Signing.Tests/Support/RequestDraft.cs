using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Signing.Tests.Support;

/// <summary>
/// A request that a test signs by hand, line by line as RFC 9421 prints it and without the code under test, so that any part
/// of it can be wrong.
/// </summary>
public sealed class RequestDraft(string method, string target, byte[]? body)
{
    public string Method { get; set; } = method;

    /// <summary>The request target as sent; signed as sent, unless <see cref="SignedTarget"/> says otherwise.</summary>
    public string Target { get; set; } = target;

    /// <summary>What <c>@path</c> and <c>@query</c> are taken from, if not from <see cref="Target"/>.</summary>
    public string? SignedTarget { get; set; }

    /// <summary>The <c>Host</c> field as sent.</summary>
    public required string Authority { get; set; }

    /// <summary>What <c>@authority</c> is, if not <see cref="Authority"/>.</summary>
    public string? SignedAuthority { get; set; }

    public string? SignedMethod { get; set; }

    public string Scheme { get; set; } = "http";

    public byte[]? Body { get; set; } = body;

    /// <summary>Sends the body in chunks of at most this many bytes, without its length.</summary>
    public int? ChunkBytes { get; set; }

    /// <summary>The fields besides <c>Host</c>, framing and signature; <c>Content-Digest</c> is added if there is a body, unless it is here.</summary>
    public List<(string Name, string Value)> Fields { get; } = [];

    public string KeyId { get; set; } = ApiHost.Key;

    public string Secret { get; set; } = ApiHost.Secret;

    public required DateTimeOffset Created { get; set; }

    public string? Nonce { get; set; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Parameters after the usual ones, such as <c>;tag="app"</c>.</summary>
    public string MoreParameters { get; set; } = "";

    /// <summary>All parameters, in place of the usual ones.</summary>
    public string? Parameters { get; set; }

    /// <summary>The identifiers with their quotes; by default what the default policy asks for.</summary>
    public string? Covered { get; set; }

    public string Label { get; set; } = "sig1";

    /// <summary>What is signed as the value of an identifier, where that is not the usual; an identifier with parameters needs it.</summary>
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The <c>Signature-Input</c> field as sent, if it is not the label with what is signed.</summary>
    public string? SentInput { get; set; }

    /// <summary>The <c>Signature</c> field as sent, if it is not the label with the MAC.</summary>
    public string? SentSignature { get; set; }

    public bool WithDigest { get; set; } = true;

    public bool Signed { get; set; } = true;

    /// <summary>Gets the value of one member of <c>Signature-Input</c>, without its label.</summary>
    public string SignatureParams => $"({Covered ?? DefaultCovered()}){Parameters ?? DefaultParameters()}";

    public RequestDraft With(string name, string value)
    {
        Fields.Add((name, value));
        return this;
    }

    /// <summary>Gets all fields but <c>Host</c> and framing, in the order sent.</summary>
    public (string Name, string Value)[] AllFields()
    {
        List<(string Name, string Value)> fields = [.. Fields];
        if (Body is not null && WithDigest && !Has("content-digest"))
        {
            fields.Add(("Content-Digest", DigestOf(Body)));
        }

        if (Signed)
        {
            fields.Add(("Signature-Input", SentInput ?? $"{Label}={SignatureParams}"));
            fields.Add(("Signature", SentSignature ?? $"{Label}=:{Mac()}:"));
        }

        return [.. fields];
    }

    /// <summary>RFC 9421 §2.5, as a person would write it down.</summary>
    public string SignatureBase()
    {
        var text = new StringBuilder();
        foreach (string identifier in (Covered ?? DefaultCovered()).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(identifier).Append(": ").Append(Values.TryGetValue(identifier, out string? value) ? value : ValueOf(identifier.Trim('"'))).Append('\n');
        }

        return text.Append("\"@signature-params\": ").Append(SignatureParams).ToString();
    }

    public string Mac() => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(SignatureBase())));

    /// <summary>Gets the bytes of HTTP/1.1.</summary>
    public byte[] ToHttp1()
    {
        var head = new StringBuilder($"{Method} {Target} HTTP/1.1\r\nHost: {Authority}\r\n");
        foreach ((string name, string value) in AllFields())
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (Body is not null)
        {
            head.Append(ChunkBytes is null ? $"Content-Length: {Body.Length}\r\n" : "Transfer-Encoding: chunked\r\n");
        }

        byte[] start = Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
        return Body is null ? start : [.. start, .. ChunkBytes is null ? Body : InChunks(Body, ChunkBytes.Value)];
    }

    /// <summary>Gets the message for HTTP/2; the client writes the fields as they are.</summary>
    public HttpRequestMessage ToHttp2(int port)
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), $"http://127.0.0.1:{port}{Target}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = Body is null ? null : ChunkBytes is null ? new ByteArrayContent(Body) : new StreamContent(new UnsizedStream(Body)),
        };
        request.Headers.Host = Authority;
        foreach ((string name, string value) in AllFields())
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    /// <summary>Gets the fields of HTTP/2, for frames that say exactly this.</summary>
    public IEnumerable<(string Name, string Value)> ToHttp2Fields() =>
    [
        (":method", Method), (":scheme", Scheme), (":authority", Authority), (":path", Target),
        .. AllFields().Select(field => (field.Name.ToLowerInvariant(), field.Value)),
    ];

    public static string DigestOf(byte[] content) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(content))}:";

    private static byte[] InChunks(byte[] body, int size)
    {
        using var bytes = new MemoryStream();
        foreach (byte[] chunk in body.Chunk(size))
        {
            bytes.Write(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
            bytes.Write(chunk);
            bytes.Write("\r\n"u8);
        }

        bytes.Write("0\r\n\r\n"u8);
        return bytes.ToArray();
    }

    private bool Has(string lowerCaseName) => Fields.Exists(field => field.Name.Equals(lowerCaseName, StringComparison.OrdinalIgnoreCase));

    private string DefaultCovered()
    {
        var covered = new StringBuilder("\"@method\" \"@authority\" \"@path\" \"@query\"");
        if ((Body is not null && WithDigest) || Has("content-digest"))
        {
            covered.Append(" \"content-digest\"");
        }

        foreach (string name in (string[])["content-type", "content-encoding", "authorization"])
        {
            covered.Append(Has(name) ? $" \"{name}\"" : "");
        }

        return covered.ToString();
    }

    private string DefaultParameters() => string.Create(
        CultureInfo.InvariantCulture,
        $";created={Created.ToUnixTimeSeconds()};keyid=\"{KeyId}\"{(Nonce is null ? "" : $";nonce=\"{Nonce}\"")}{MoreParameters}");

    private string ValueOf(string name)
    {
        string signed = SignedTarget ?? Target;
        int query = signed.IndexOf('?', StringComparison.Ordinal);
        return name switch
        {
            "@method" => SignedMethod ?? Method,
            "@authority" => (SignedAuthority ?? Authority).ToLowerInvariant(),
            "@path" => signed == "*" ? "/" : query < 0 ? signed : signed[..query],
            "@query" => query < 0 ? "?" : signed[query..],
            "@scheme" => Scheme,
            "@target-uri" => $"{Scheme}://{(SignedAuthority ?? Authority).ToLowerInvariant()}{signed}",
            "@request-target" => signed,
            "content-digest" when !Has(name) => DigestOf(Body!),
            _ => string.Join(", ", Fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value.Trim(' ', '\t'))),
        };
    }
}
