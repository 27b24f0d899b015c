using System.Security.Cryptography;
using System.Text;

namespace Signing.Benchmarks;

/// <summary>What all tables share: one key, one request, its signature and its signature base.</summary>
internal sealed class Workload : IDisposable
{
    public const string KeyId = "key_live_4fzRr0LAxYp1kQ7bTn2wVd";

    private const string Secret = "sk_live_wq3vKz8R0nB5yXh1TgPjLc7DfMsA9eUo2iVt4rW6xYbZk";
    private const int MaxLines = 1024;

    // Hours, because a table takes minutes and the request is signed once.
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(12);

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
        Unsigned = new CanonicalRequest(fields);

        Span<char> input = stackalloc char[MaxLines];
        Span<char> signature = stackalloc char[MaxLines];
        CanonicalRequest unsigned = Unsigned;
        if (!Signer.TrySign(in unsigned, Key, input, signature, out int inputLength, out int signatureLength, out SignatureStatus refusal))
        {
            throw new InvalidOperationException($"The request cannot be signed: {refusal}.");
        }

        Signed = new CanonicalRequest([.. fields, new("signature-input", input[..inputLength].ToString()), new("signature", signature[..signatureLength].ToString())]);
        Base = WriteBase();
    }

    public byte[] Body { get; }

    public CanonicalRequest Unsigned { get; }

    public CanonicalRequest Signed { get; }

    public SigningKey Key { get; } = new(KeyId, Secret);

    public byte[] SecretBytes { get; } = Encoding.UTF8.GetBytes(Secret);

    public byte[] Base { get; }

    public MessageSigner Signer { get; } = new(new SigningPolicy());

    public MessageVerifier Verifier { get; } = new(new VerificationPolicy { MaxAge = MaxAge });

    public void Dispose() => Key.Dispose();

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
