using System.Globalization;
using System.Text;
using Signing.Tests.Fuzz;

namespace Signing.Tests.Responses.Model;

/// <summary>How an answer is put onto the wire: framing, interim answers and trailers are nobody's promise, and a connection may break.</summary>
internal sealed class AnswerFraming
{
    private readonly string _kind;
    private readonly int _chunk;
    private readonly string _interim;

    public AnswerFraming(Draw draw)
    {
        _kind = draw.Of("length", "length", "chunked", "chunked", "until closed");
        _chunk = draw.Of(1, 7, 5000);
        _interim = draw.OneIn(4)
            ? draw.Of(
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nSignature-Input: sig=(\"@status\");created=1;keyid=\"x\"\r\nSignature: sig=:AAAA:\r\nContent-Digest: sha-256=:AAAA:\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n")
            : "";
        Trailers = _kind == "chunked" && draw.OneIn(2) ? [("X-Trailer", "1"), ("Signature", "sig=:AAAA:"), ("Content-Digest", "sha-256=:AAAA:")] : [];
        Cut = draw.OneIn(10) ? draw.Of("head", "body", "end") : null;
    }

    public (string Name, string Value)[] Trailers { get; }

    /// <summary>Gets where the connection breaks, if it does.</summary>
    public string? Cut { get; }

    public int Piece => _chunk;

    public bool IsChunked => _kind == "chunked";

    /// <summary>Gets whether content is cut off where nothing but its digest tells.</summary>
    public bool CutsUnseen => _kind == "until closed" && Cut == "body";

    /// <summary>Says whether a client can see that something is missing.</summary>
    public bool IsBroken(Answered answer, bool canHaveBody) => Cut switch
    {
        null => false,
        "head" => true,
        _ when !canHaveBody => false,
        _ => _kind == "chunked" || (_kind == "length" && Cut == "body" && answer.Body.Length > 0),
    };

    /// <summary>Gets the bytes of HTTP/1.1, and whether the connection ends behind them.</summary>
    public string ToHttp1(Answered answer, bool canHaveBody, out bool ends)
    {
        ends = Cut is not null || _kind == "until closed";
        var text = new StringBuilder(_interim).Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} X\r\n");
        foreach ((string name, string value) in answer.Fields)
        {
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (Cut == "head")
        {
            return text.Append("X-Half: ").ToString();
        }

        if (!canHaveBody)
        {
            return text.Append("\r\n").ToString();
        }

        string body = Encoding.Latin1.GetString(answer.Body);
        return (_kind switch
        {
            "length" => text.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n").Append(Left(body)),
            "chunked" => Chunks(text.Append("Transfer-Encoding: chunked\r\n\r\n"), Left(body)),
            _ => text.Append("Connection: close\r\n\r\n").Append(body),
        }).ToString();
    }

    private string Left(string body) => Cut == "body" ? body[..(body.Length / 2)] : body;

    private StringBuilder Chunks(StringBuilder text, string body)
    {
        foreach (char[] chunk in body.Chunk(_chunk))
        {
            text.Append(CultureInfo.InvariantCulture, $"{chunk.Length:x};ext=\"1\"\r\n").Append(chunk).Append("\r\n");
        }

        if (Cut is not null)
        {
            return text;
        }

        text.Append("0\r\n");
        foreach ((string name, string value) in Trailers)
        {
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return text.Append("\r\n");
    }
}
