using Signing.Tests.Support;

namespace Signing.Tests.Several;

/// <summary>RFC 9421 §4.3 in the core: a proxy signs a request that its client has signed, and covers that signature.</summary>
public sealed class CoveredSignatureTests
{
    private const string Client = "sig1=(\"@method\" \"@authority\" \"@path\" \"content-digest\" \"content-type\" \"content-length\");created=1618884475;keyid=\"client\"";

    private static readonly DateTimeOffset Created = DateTimeOffset.FromUnixTimeSeconds(1618884480);

    private static readonly SigningPolicy Proxy = new()
    {
        Components = ["@method", "@authority", "@path", "content-digest", "content-type", "content-length", "forwarded"],
        CoverIfPresent = [],
        CoverSignatures = true,
        Label = "proxy_sig",
        Lifetime = TimeSpan.FromMinutes(1),
        IncludeNonce = false,
        Tag = "proxy",
    };

    [Fact]
    public void The_proxys_signature_covers_what_it_saw_and_the_clients_signature_by_its_label()
    {
        using var key = new SigningKey("proxy", "the secret of the proxy, long enough");
        RawRequestView message = Forwarded([Client], ["sig1=:X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb8=:"]);

        (string input, string signature) = Sign(Proxy, message, key);

        Assert.Equal(
            "proxy_sig=(\"@method\" \"@authority\" \"@path\" \"content-digest\" \"content-type\" \"content-length\" \"forwarded\" \"signature\";key=\"sig1\")"
            + ";created=1618884480;expires=1618884540;keyid=\"proxy\";alg=\"hmac-sha256\";tag=\"proxy\"",
            input);
        RawRequestView sent = Forwarded([Client, input], ["sig1=:X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb8=:", signature]);
        var verifier = new MessageVerifier(new VerificationPolicy { Tag = "proxy", RequiredComponents = ["@method", "forwarded"] }, new ManualTimeProvider(Created));
        Assert.True(verifier.TryRead(sent, out SignatureCandidates candidates, out _));
        Assert.Equal(SignatureStatus.Verified, verifier.Verify(sent, candidates[0], key, out _));
        Assert.Contains("\"signature\";key=\"sig1\": :X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb8=:\n", verifier.GetSignatureBase(sent, candidates[0]), StringComparison.Ordinal);
        RawRequestView exchanged = Forwarded([Client, input], ["sig1=:AAAAyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb8=:", signature]);
        Assert.True(verifier.TryRead(exchanged, out candidates, out _));
        Assert.Equal(SignatureStatus.InvalidCredential, verifier.Verify(exchanged, candidates[0], key, out _));
    }

    [Fact]
    public void A_candidate_says_which_other_signature_it_covers()
    {
        using var key = new SigningKey("proxy", "the secret of the proxy, long enough");
        RawRequestView message = Forwarded([Client], ["sig1=:X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb8=:"]);
        (string input, string signature) = Sign(Proxy, message, key);
        RawRequestView sent = Forwarded([Client, input], ["sig1=:X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb8=:", signature]);
        var verifier = new MessageVerifier(new VerificationPolicy { RequiredComponents = ["@method"] }, new ManualTimeProvider(Created));
        Assert.True(verifier.TryRead(sent, out SignatureCandidates candidates, out _));

        Assert.Equal(2, candidates.Count);
        Assert.True(candidates[1].CoversSignature(sent, candidates[0]));
        Assert.False(candidates[0].CoversSignature(sent, candidates[1]));
        Assert.False(candidates[1].CoversSignature(sent, candidates[1]));
        Assert.False(candidates[1].CoversSignature(Forwarded([], []), candidates[0]));
    }

    [Theory]
    [InlineData("\"signature\"", false)]
    [InlineData("\"signature\";key=\"sig2\"", false)]
    [InlineData("\"signature-input\";key=\"sig1\"", false)]
    [InlineData("\"signature\";key=\"sig1\"", true)]
    [InlineData("\"signature\";sf;key=\"sig1\"", true)]
    public void Only_the_member_of_the_label_counts_as_covered(string component, bool covers)
    {
        const string mac = ":X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb8=:";
        RawRequestView message = Forwarded([Client, $"second=(\"@method\" {component});created=1618884480;keyid=\"proxy\""], [$"sig1={mac}", $"second={mac}"]);
        var verifier = new MessageVerifier(new VerificationPolicy { RequiredComponents = ["@method"], CoveredIfPresent = [] }, new ManualTimeProvider(Created));
        Assert.True(verifier.TryRead(message, out SignatureCandidates candidates, out _));

        Assert.Equal(covers, candidates[1].CoversSignature(message, candidates[0]));
    }

    [Fact]
    public void Without_a_signature_there_is_none_to_cover_and_with_several_all_are()
    {
        using var key = new SigningKey("proxy", "the secret of the proxy, long enough");

        (string alone, _) = Sign(Proxy, Forwarded([], []), key);
        (string third, _) = Sign(Proxy, Forwarded([$"{Client}, b=()", "proxy_sig=()"], ["sig1=:AA==:, b=:AA==:", "proxy_sig=:AA==:"]), key);

        Assert.Contains("\"forwarded\");created", alone, StringComparison.Ordinal);
        Assert.StartsWith("proxy_sig2=", third, StringComparison.Ordinal);
        Assert.Contains("\"signature\";key=\"sig1\" \"signature\";key=\"b\" \"signature\";key=\"proxy_sig\")", third, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_or_is_half_there_or_too_much_is_not_covered_but_refused()
    {
        using var key = new SigningKey("proxy", "the secret of the proxy, long enough");
        string[] many = [.. Enumerable.Range(0, SignatureLimits.MaxLabels + 1).Select(number => $"s{number}=()")];

        Assert.Equal(SignatureStatus.MalformedSignatureInput, Refusal(Forwarded(["sig1=("], ["sig1=:AA==:"]), key));
        Assert.Equal(SignatureStatus.MissingComponent, Refusal(Forwarded([Client], []), key));
        Assert.Equal(SignatureStatus.MissingComponent, Refusal(Forwarded([Client], ["other=:AA==:"]), key));
        Assert.Equal(SignatureStatus.TooLarge, Refusal(Forwarded([string.Join(", ", many)], ["sig1=:AA==:"]), key));
    }

    private static RawRequestView Forwarded(string[] inputs, string[] signatures) => new(new RawRequest(
        string.Join("\r\n", (string[])
        [
            "POST /foo?param=Value&Pet=dog HTTP/1.1",
            "Host: origin.host.internal.example",
            "Content-Type: application/json",
            "Content-Length: 18",
            "Forwarded: for=192.0.2.123;host=example.com;proto=https",
            "Content-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
            .. inputs.Select(line => $"Signature-Input: {line}"),
            .. signatures.Select(line => $"Signature: {line}"),
        ]), []));

    private static (string Input, string Signature) Sign(SigningPolicy policy, RawRequestView message, SigningKey key)
    {
        char[] input = new char[SignatureLimits.MaxSignatureInputLength];
        char[] signature = new char[96];
        Assert.True(new MessageSigner(policy).TrySign(message, key, input, signature, out int inputLength, out int signatureLength, out _, Created));
        return (new string(input, 0, inputLength), new string(signature, 0, signatureLength));
    }

    private static SignatureStatus Refusal(RawRequestView message, SigningKey key)
    {
        Assert.False(new MessageSigner(Proxy).TrySign(message, key, new char[8192], new char[96], out int input, out int signature, out SignatureStatus refusal, Created));
        Assert.Equal(0, input + signature);
        return refusal;
    }
}
