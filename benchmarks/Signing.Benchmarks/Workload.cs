using System.Security.Cryptography;
using System.Text;

namespace Signing.Benchmarks;

/// <summary>What all tables share: one key, one request, its signature and its signature base.</summary>
internal sealed class Workload : IDisposable
{
    public const string KeyId = "key_live_4fzRr0LAxYp1kQ7bTn2wVd";

    public const string Secret = "sk_live_wq3vKz8R0nB5yXh1TgPjLc7DfMsA9eUo2iVt4rW6xYbZk";
    public const string GetTarget = "/v1/orders?currency=EUR&limit=50";
    public const string PostTarget = "/v1/orders/741?limit=50";

    private const int MaxLine = 1024;

    /// <summary>Hours of age, because a table takes minutes and the request is signed once.</summary>
    public static readonly VerificationPolicy Policy = new() { MaxAge = TimeSpan.FromHours(12) };

    public Workload()
    {
        Body = RandomNumberGenerator.GetBytes(1024);
        Span<char> digest = stackalloc char[ContentDigest.MaxFieldLength];
        ContentDigest.TryWrite(Body, DigestAlgorithms.Sha256, digest, out int digestLength);
        KeyValuePair<string, string>[] fields =
        [
            new("accept", "application/json"),
            new("user-agent", "orders-sync/2.4"),
            new("content-type", "application/json"),
            new("content-digest", digest[..digestLength].ToString()),
        ];
        Unsigned = new CanonicalRequest("POST", PostTarget, fields);
        SignedFields = [.. fields, .. Sign(Unsigned)];
        Signed = new CanonicalRequest("POST", PostTarget, SignedFields);
        SignedGet = SignGet();
        Base = WriteBase();
    }

    public byte[] Body { get; }

    public CanonicalRequest Unsigned { get; }

    public CanonicalRequest Signed { get; }

    /// <summary>The fields of <see cref="Signed"/>.</summary>
    public KeyValuePair<string, string>[] SignedFields { get; }

    /// <summary>The fields of a signed GET request.</summary>
    public KeyValuePair<string, string>[] SignedGet { get; }

    public SigningKey Key { get; } = new(KeyId, Secret);

    public byte[] SecretBytes { get; } = Encoding.UTF8.GetBytes(Secret);

    public byte[] Base { get; }

    public MessageSigner Signer { get; } = new(new SigningPolicy());

    public MessageVerifier Verifier { get; } = new(Policy);

    public void Dispose() => Key.Dispose();

    /// <summary>Signs the GET request anew, as each request of a client is.</summary>
    public KeyValuePair<string, string>[] SignGet()
    {
        KeyValuePair<string, string>[] fields = [new("accept", "application/json"), new("user-agent", "orders-sync/2.4")];
        return [.. fields, .. Sign(new CanonicalRequest("GET", GetTarget, fields))];
    }

    private KeyValuePair<string, string>[] Sign(in CanonicalRequest request)
    {
        Span<char> input = stackalloc char[MaxLine];
        Span<char> signature = stackalloc char[MaxLine];
        if (!Signer.TrySign(in request, Key, input, signature, out int inputLength, out int signatureLength, out SignatureStatus refusal))
        {
            throw new InvalidOperationException($"The request cannot be signed: {refusal}.");
        }

        return [new("signature-input", input[..inputLength].ToString()), new("signature", signature[..signatureLength].ToString())];
    }

    private byte[] WriteBase()
    {
        CanonicalRequest signed = Signed;
        if (!Verifier.TryRead(in signed, out SignatureCandidates candidates, out SignatureStatus refusal))
        {
            throw new InvalidOperationException($"The request cannot be read: {refusal}.");
        }

        SignatureCandidate candidate = candidates[0];
        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        SignatureBase.Write(in signed, candidate.GetText(in signed), candidate.IsCanonical, Verifier.Policy.FieldTypes, ref buffer);
        byte[] bytes = buffer.Written.ToArray();
        buffer.Dispose();
        return bytes;
    }
}
