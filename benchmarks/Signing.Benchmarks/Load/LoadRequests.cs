using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Signing.Benchmarks.Load;

/// <summary>Writes the requests of one round into the file that the generator sends from: as many as it sends at once, behind their length.</summary>
internal sealed class LoadRequests : IDisposable
{
    private const string Target = "/v1/orders/741?currency=EUR&limit=50";
    private const string Fields = "Host: api.example.com\r\nAccept: application/json\r\nUser-Agent: orders-sync/2.4\r\n";
    private const int MaxLine = 1024;
    private const int MaxRequest = 4 * MaxLine;
    private const int LengthDigits = 8;

    private readonly SigningKey _key = new(LoadServer.Key, LoadServer.Secret);
    private readonly MessageSigner _signer = new(new SigningPolicy());
    private readonly byte[] _body = RandomNumberGenerator.GetBytes(1024);

    public void Dispose() => _key.Dispose();

    /// <param name="path">The file.</param>
    /// <param name="server">Whom they are for.</param>
    /// <param name="isPost">Whether they carry 1 KB.</param>
    /// <param name="texts">How many times the generator sends.</param>
    /// <param name="depth">How many requests it sends at once.</param>
    public void Write(string path, LoadProcess server, bool isPost, int texts, int depth)
    {
        using FileStream file = File.Create(path);
        byte[] buffer = new byte[LengthDigits + (depth * MaxRequest)];
        for (int i = 0; i < texts; i++)
        {
            int end = LengthDigits;
            for (int request = 0; request < depth; request++)
            {
                end += WriteRequest(buffer.AsSpan(end, MaxRequest), server, isPost);
            }

            Utf8Formatter.TryFormat(end - LengthDigits, buffer, out _, new StandardFormat('D', LengthDigits));
            file.Write(buffer.AsSpan(0, end));
        }
    }

    private int WriteRequest(Span<byte> destination, LoadProcess server, bool isPost)
    {
        int length = Encoding.ASCII.GetBytes($"{(isPost ? "POST" : "GET")} {Target} HTTP/1.1\r\n{Fields}{server.ProofLine}", destination);
        string digest = isPost ? WriteDigest() : "";
        if (isPost)
        {
            length += Encoding.ASCII.GetBytes($"Content-Type: application/json\r\nContent-Length: {_body.Length}\r\nContent-Digest: {digest}\r\n", destination[length..]);
        }

        if (server.Door.Proof == LoadProof.Signature)
        {
            length += Sign(destination[length..], isPost, digest);
        }

        length += Encoding.ASCII.GetBytes("\r\n", destination[length..]);
        if (isPost)
        {
            _body.CopyTo(destination[length..]);
            length += _body.Length;
        }

        return length;
    }

    // Each has a nonce of its own, so no two are equal.
    private int Sign(Span<byte> destination, bool isPost, string digest)
    {
        Span<char> input = stackalloc char[MaxLine];
        Span<char> signature = stackalloc char[MaxLine];
        CanonicalRequest request = isPost
            ? new CanonicalRequest("POST", Target, new KeyValuePair<string, string>("content-type", "application/json"), new KeyValuePair<string, string>("content-digest", digest))
            : new CanonicalRequest("GET", Target);
        if (!_signer.TrySign(in request, _key, input, signature, out int inputLength, out int signatureLength, out SignatureStatus refusal))
        {
            throw new InvalidOperationException($"The request cannot be signed: {refusal}.");
        }

        return Encoding.ASCII.GetBytes($"Signature-Input: {input[..inputLength]}\r\nSignature: {signature[..signatureLength]}\r\n", destination);
    }

    private string WriteDigest()
    {
        Span<char> digest = stackalloc char[ContentDigest.MaxFieldLength];
        ContentDigest.TryWrite(_body, DigestAlgorithms.Sha256, digest, out int length);
        return digest[..length].ToString();
    }
}
