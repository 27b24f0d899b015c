using System.Text;
using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

/// <summary>Signs requests and responses with the core, for tests of what is signed.</summary>
internal sealed class ResponseExchange : IDisposable
{
    public const string Json = "{\"id\":7}";

    public ManualTimeProvider Clock { get; } = new();

    public SigningKey Key { get; } = new("key_test_1", "a secret of more than 16 bytes");

    public MessageSigner RequestSigner => new(new SigningPolicy(), Clock);

    public MessageSigner Signer => new(new SigningPolicy(MessageKind.Response), Clock);

    public MessageVerifier Verifier => new(new VerificationPolicy(MessageKind.Response), Clock);

    public void Dispose() => Key.Dispose();

    /// <summary>Signs a request under the label <c>sig</c>.</summary>
    public ReferenceRequest Request(string method = "GET", string target = "/orders?id=7", string authority = "api.example.com")
    {
        var request = new ReferenceRequest(method, "https", authority, target, [KeyValuePair.Create("X-Tenant", "blue")], []);
        (string input, string signature) = Sign(RequestSigner, new ReferenceMessage(request));
        return request.With("Signature-Input", input).With("Signature", signature);
    }

    /// <summary>Makes the response to a request, not signed yet.</summary>
    public static ReferenceResponse Answer(ReferenceRequest request, int status = 200, string content = Json, string? label = "sig")
    {
        byte[] body = Encoding.UTF8.GetBytes(content);
        List<KeyValuePair<string, string>> fields = body.Length == 0
            ? []
            : [KeyValuePair.Create("Content-Type", "application/json"), KeyValuePair.Create("Content-Digest", RequestDraft.DigestOf(body))];
        return new ReferenceResponse(status, fields, body, request, label);
    }

    public ReferenceResponse Sign(ReferenceResponse response, MessageSigner? signer = null)
    {
        (string input, string signature) = Sign(signer ?? Signer, new ReferenceResponseMessage(response));
        return response.With("Signature-Input", input).With("Signature", signature);
    }

    public SignatureStatus Verify(ReferenceResponse response) => ResponseVerification.Verify(Verifier, response, Key);

    private (string Input, string Signature) Sign<T>(MessageSigner signer, in T message)
        where T : ISignableMessage
    {
        char[] input = new char[1024];
        char[] signature = new char[96];
        Assert.True(signer.TrySign(message, Key, input, signature, out int inputLength, out int signatureLength, out SignatureStatus refusal), refusal.ToString());
        return (new string(input, 0, inputLength), new string(signature, 0, signatureLength));
    }
}
