#if !DEBUG // Code that is not optimised boxes generic structs, which is not what users run.
using Signing.Tests.Support;

namespace Signing.Tests.Allocations;

[Collection(Alone.Name)]
public sealed class CoreAllocationTests : IDisposable
{
    private static readonly (string Name, string Value)[] Fields =
    [
        ("content-type", "application/json"),
        ("content-digest", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"),
        ("priority", "u=1,  i"),
    ];

    private readonly SigningKey _key = new("key_test_1", "a secret of more than 16 bytes");
    private readonly SigningKey _former = new("key_test_1", "another secret of more than 16 bytes");
    private readonly MessageVerifier _verifier = new(new VerificationPolicy());

    public void Dispose()
    {
        _key.Dispose();
        _former.Dispose();
    }

    [Theory]
    [InlineData("@method", "@authority", "@path", "@query")]
    [InlineData("@method", "@target-uri", "@request-target", "@scheme")]
    [InlineData("@method", "@authority", "@path", "@query", "\"@query-param\";name=\"id\"", "\"priority\";sf", "\"priority\";key=\"u\"", "\"priority\";bs")]
    public void Signing_and_verifying_allocate_nothing(params string[] components)
    {
        var signer = new MessageSigner(new SigningPolicy { Components = components });
        char[] input = new char[1024];
        char[] signature = new char[96];
        var message = new FieldTable(Fields);
        int inputLength = 0;
        int signatureLength = 0;
        bool signed = true;

        Assert.Equal(0, Allocation.OfWarmed(() => signed &= signer.TrySign(message, _key, input, signature, out inputLength, out signatureLength, out _)));

        Assert.True(signed);
        FieldTable received = Received(new string(input, 0, inputLength), new string(signature, 0, signatureLength));
        var status = SignatureStatus.NotVerified;
        Assert.Equal(0, Allocation.OfWarmed(() => status = Verify(received)));
        Assert.Equal(SignatureStatus.Verified, status);
    }

    [Fact]
    public void Verifying_a_list_with_meaningless_spaces_by_the_second_key_allocates_nothing()
    {
        var signer = new MessageSigner(new SigningPolicy());
        char[] input = new char[1024];
        char[] signature = new char[96];
        Assert.True(signer.TrySign(new FieldTable(Fields), _key, input, signature, out int inputLength, out int signatureLength, out _));
        string spaced = new string(input, 0, inputLength).Replace("\" \"", "\"   \"", StringComparison.Ordinal);
        FieldTable received = Received(spaced, new string(signature, 0, signatureLength));
        var status = SignatureStatus.NotVerified;
        int matched = -1;
        SigningKey[] keys = [_former, _key];

        Assert.Equal(0, Allocation.OfWarmed(() =>
        {
            status = _verifier.TryRead(received, out SignatureCandidates candidates, out _)
                ? _verifier.Verify(received, candidates[0], keys, out matched, out _)
                : SignatureStatus.NotVerified;
        }));

        Assert.Equal(SignatureStatus.Verified, status);
        Assert.Equal(1, matched);
    }

    [Theory]
    [InlineData("sig=(\"@method\");created=1;keyid=\"key_test_1\"", SignatureStatus.InsufficientCoverage)]
    [InlineData("sig=(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-type\" \"content-digest\");created=1;keyid=\"k\"", SignatureStatus.TooOld)]
    [InlineData("sig=(\"@method\"", SignatureStatus.MalformedSignatureInput)]
    public void Refusing_allocates_nothing(string signatureInput, SignatureStatus expected)
    {
        FieldTable received = Received(signatureInput, "sig=:AAAA:");
        var refusal = SignatureStatus.NotVerified;

        Assert.Equal(0, Allocation.OfWarmed(() => _verifier.TryRead(received, out _, out refusal)));

        Assert.Equal(expected, refusal);
    }

    private static FieldTable Received(string signatureInput, string signature) =>
        new([.. Fields, ("signature-input", signatureInput), ("signature", signature)]);

    private SignatureStatus Verify(FieldTable received) =>
        _verifier.TryRead(received, out SignatureCandidates candidates, out SignatureStatus refusal)
            ? _verifier.Verify(received, candidates[0], _key, out _)
            : refusal;
}
#endif
