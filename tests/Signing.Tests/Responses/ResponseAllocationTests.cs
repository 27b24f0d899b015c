#if !DEBUG // Code that is not optimised boxes generic structs, which is not what users run.
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

[Collection(Alone.Name)]
public sealed class ResponseAllocationTests : IDisposable
{
    private static readonly (string Name, string Value)[] RequestFields =
    [
        ("signature", "sig1=:K2qGT5srn2OGbOIDzQ6kYT+ruaycnDAAUpKv+ePFfD0=:"),
        ("priority", "u=1,  i"),
    ];

    private static readonly (string Name, string Value)[] Fields =
    [
        ("content-type", "application/json"),
        ("content-digest", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"),
    ];

    private readonly SigningKey _key = new("key_test_1", "a secret of more than 16 bytes");
    private readonly MessageVerifier _verifier = new(new VerificationPolicy(MessageKind.Response));

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData("@status", "\"@method\";req", "\"@authority\";req", "\"@path\";req", "\"@query\";req")]
    [InlineData("@status", "\"@method\";req", "\"@target-uri\";req", "\"priority\";sf;req", "\"@query-param\";name=\"id\";req")]
    public void Signing_and_verifying_a_response_allocate_nothing(params string[] components)
    {
        var signer = new MessageSigner(new SigningPolicy(MessageKind.Response) { Components = components });
        char[] input = new char[1024];
        char[] signature = new char[96];
        var message = new ResponseTable(Fields, RequestFields, "sig1");
        int inputLength = 0;
        int signatureLength = 0;
        bool signed = true;

        Assert.Equal(0, Allocation.OfWarmed(() => signed &= signer.TrySign(message, _key, input, signature, out inputLength, out signatureLength, out _)));

        Assert.True(signed);
        ResponseTable received = Received(new string(input, 0, inputLength), new string(signature, 0, signatureLength));
        var status = SignatureStatus.NotVerified;
        Assert.Equal(0, Allocation.OfWarmed(() => status = Verify(received)));
        Assert.Equal(SignatureStatus.Verified, status);
    }

    [Theory]
    [InlineData("sig=(\"@status\");created=1;keyid=\"key_test_1\"", SignatureStatus.InsufficientCoverage)]
    [InlineData("sig=(\"@status\" \"@method\");created=1;keyid=\"key_test_1\"", SignatureStatus.UnsupportedComponent)]
    [InlineData("sig=(\"@status\" \"@method\";req \"@authority\";req \"@path\";req \"@query\";req \"content-type\" \"content-digest\" \"signature\";req);created=1;keyid=\"k\"", SignatureStatus.TooOld)]
    public void Refusing_a_response_allocates_nothing(string signatureInput, SignatureStatus expected)
    {
        ResponseTable received = Received(signatureInput, "sig=:AAAA:");
        var refusal = SignatureStatus.NotVerified;

        Assert.Equal(0, Allocation.OfWarmed(() => _verifier.TryRead(received, out _, out refusal)));

        Assert.Equal(expected, refusal);
    }

    private static ResponseTable Received(string signatureInput, string signature) =>
        new([.. Fields, ("signature-input", signatureInput), ("signature", signature)], RequestFields, "sig1");

    private SignatureStatus Verify(ResponseTable received) =>
        _verifier.TryRead(received, out SignatureCandidates candidates, out SignatureStatus refusal)
            ? _verifier.Verify(received, candidates[0], _key, out _)
            : refusal;
}
#endif
