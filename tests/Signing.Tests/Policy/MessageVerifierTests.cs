using Signing.Tests.Reference;
using Signing.Tests.Vectors;

namespace Signing.Tests.Policy;

/// <summary>What a caller holds of a message that was read says nothing about another message, and throws nothing.</summary>
public sealed class MessageVerifierTests
{
    [Theory]
    [InlineData("verified--plain-get")]
    [InlineData("verified--escaped-key-id")]
    public void A_candidate_says_nothing_about_another_message(string name)
    {
        MessageVector vector = MessageVector.All[name];
        var verifier = new MessageVerifier(vector.Context.Policy, new Support.ManualTimeProvider(vector.Context.Now));
        Assert.True(verifier.TryRead(new ReferenceMessage(vector.Request), out SignatureCandidates candidates, out _));
        SignatureCandidate candidate = candidates[0];
        using var key = new SigningKey("client-1", vector.Context.Keys[0].Secret);

        string input = vector.Request.Lines("signature-input")[0].Trim();
        int afterLabel = input.IndexOf('=', StringComparison.Ordinal) + 1;
        foreach (string other in (string[])["", "s", "s=()", input[..(afterLabel - 1)], input[..(input.IndexOf(')', StringComparison.Ordinal) + 1)]])
        {
            var message = new ReferenceMessage(Other(vector.Request, other));
            Assert.NotEqual(SignatureStatus.Verified, verifier.Verify(message, candidate, key, out _));
            Assert.Equal(other.Length < afterLabel ? "" : input[..(afterLabel - 1)], candidate.GetLabel(message).ToString());
            Assert.True(candidate.GetKeyId(message, new char[SignatureLimits.MaxKeyIdLength]).IsEmpty);
            Assert.False(candidate.Covers(message, "@method"));
            Assert.Null(verifier.GetSignatureBase(message, candidate));
        }
    }

    [Fact]
    public void A_key_id_with_escapes_needs_the_room_that_it_takes()
    {
        MessageVector vector = MessageVector.All["verified--escaped-key-id"];
        var message = new ReferenceMessage(vector.Request);
        var verifier = new MessageVerifier(vector.Context.Policy, new Support.ManualTimeProvider(vector.Context.Now));
        Assert.True(verifier.TryRead(message, out SignatureCandidates candidates, out _));
        string keyId = candidates[0].GetKeyId(message, new char[SignatureLimits.MaxKeyIdLength]).ToString();

        Assert.NotEmpty(keyId);
        Assert.Equal(keyId, candidates[0].GetKeyId(message, new char[keyId.Length]).ToString());
        Assert.True(candidates[0].GetKeyId(message, new char[keyId.Length - 1]).IsEmpty);
    }

    [Fact]
    public void A_field_that_is_required_in_quotes_is_the_field()
    {
        var request = new ReferenceRequest("GET", "https", "api.example.com", "/", [KeyValuePair.Create("X-Tenant", "one")], []);
        using var key = new SigningKey("key", "a secret that is long enough");
        string[] plain = ["@method", "@authority", "@path", "@query"];

        Assert.Equal(SignatureStatus.Verified, Verify(new SigningPolicy { Components = [.. plain, "\"x-tenant\""] }, new VerificationPolicy { RequiredComponents = ["\"x-tenant\""] }));
        Assert.Equal(SignatureStatus.Verified, Verify(new SigningPolicy { CoverIfPresent = ["x-tenant"] }, new VerificationPolicy { RequiredComponents = ["\"x-tenant\""] }));
        Assert.Equal(SignatureStatus.InsufficientCoverage, Verify(new SigningPolicy(), new VerificationPolicy { RequiredComponents = ["\"x-tenant\""] }));

        SignatureStatus Verify(SigningPolicy signing, VerificationPolicy verification)
        {
            char[] input = new char[1024];
            char[] signature = new char[128];
            Assert.True(new MessageSigner(signing).TrySign(new ReferenceMessage(request), key, input, signature, out int inputLength, out int signatureLength, out _));
            var signed = new ReferenceMessage(request.With("Signature-Input", new string(input, 0, inputLength)).With("Signature", new string(signature, 0, signatureLength)));
            var verifier = new MessageVerifier(verification);
            return verifier.TryRead(signed, out SignatureCandidates candidates, out SignatureStatus refusal) ? verifier.Verify(signed, candidates[0], key, out _) : refusal;
        }
    }

    private static ReferenceRequest Other(ReferenceRequest request, string input) =>
        request with { Fields = [.. request.Fields.Where(field => !field.Key.Equals("signature-input", StringComparison.OrdinalIgnoreCase)), KeyValuePair.Create("Signature-Input", input)] };
}
