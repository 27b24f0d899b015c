using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

public sealed class ResponseSigningTests : IDisposable
{
    private readonly ResponseExchange _exchange = new();

    public void Dispose() => _exchange.Dispose();

    [Fact]
    [Trait("Protocol", "B6")]
    public void A_response_is_signed_with_its_status_its_content_and_the_request_it_answers()
    {
        ReferenceRequest request = _exchange.Request();
        ReferenceResponse response = _exchange.Sign(ResponseExchange.Answer(request));
        var message = new ReferenceResponseMessage(response);

        Assert.True(_exchange.Verifier.TryRead(message, out SignatureCandidates candidates, out _));
        string mac = request.Lines("signature").Single()["sig=".Length..];
        string input = response.Lines("signature-input").Single()["sig=".Length..];
        Assert.StartsWith(
            "(\"@status\" \"@method\";req \"@authority\";req \"@path\";req \"@query\";req \"content-digest\" \"content-type\" \"signature\";req;key=\"sig\");created=", input, StringComparison.Ordinal);
        Assert.EndsWith(";keyid=\"key_test_1\";alg=\"hmac-sha256\"", input, StringComparison.Ordinal);
        Assert.Equal(
            string.Join('\n',
                "\"@status\": 200", "\"@method\";req: GET", "\"@authority\";req: api.example.com", "\"@path\";req: /orders", "\"@query\";req: ?id=7",
                $"\"content-digest\": {response.Lines("content-digest").Single()}", "\"content-type\": application/json", $"\"signature\";req;key=\"sig\": {mac}", $"\"@signature-params\": {input}"),
            _exchange.Verifier.GetSignatureBase(message, candidates[0]));
        Assert.Equal(SignatureStatus.Verified, _exchange.Verify(response));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(204)]
    [InlineData(404)]
    [InlineData(599)]
    [InlineData(999)]
    public void Each_status_of_three_digits_is_signed_and_verified(int status) =>
        Assert.Equal(SignatureStatus.Verified, _exchange.Verify(_exchange.Sign(ResponseExchange.Answer(_exchange.Request(), status, content: ""))));

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(1000)]
    [InlineData(-200)]
    public void A_status_that_has_not_three_digits_is_not_signed(int status)
    {
        var message = new ReferenceResponseMessage(ResponseExchange.Answer(_exchange.Request(), status));

        Assert.False(_exchange.Signer.TrySign(message, _exchange.Key, new char[1024], new char[96], out int input, out int signature, out SignatureStatus refusal));
        Assert.Equal((0, 0, SignatureStatus.MissingComponent), (input, signature, refusal));
    }

    [Theory]
    [InlineData("status", SignatureStatus.InvalidCredential)]
    [InlineData("content", SignatureStatus.DigestMismatch)]
    [InlineData("content and digest", SignatureStatus.InvalidCredential)]
    [InlineData("content removed", SignatureStatus.DigestMismatch)]
    [InlineData("digest removed", SignatureStatus.MissingComponent)]
    [InlineData("content type", SignatureStatus.InvalidCredential)]
    [InlineData("location added", SignatureStatus.InsufficientCoverage)]
    [InlineData("encoding added", SignatureStatus.InsufficientCoverage)]
    [InlineData("signature removed", SignatureStatus.MissingSignature)]
    [InlineData("other request", SignatureStatus.InvalidCredential)]
    [InlineData("same request once more", SignatureStatus.InvalidCredential)]
    [InlineData("other method", SignatureStatus.InvalidCredential)]
    [InlineData("other host", SignatureStatus.InvalidCredential)]
    [Trait("Protocol", "B6")]
    public void A_response_that_was_changed_or_answers_another_request_is_refused(string what, SignatureStatus expected)
    {
        ReferenceRequest request = _exchange.Request();
        ReferenceResponse response = _exchange.Sign(ResponseExchange.Answer(request));
        ReferenceResponse without(string name) => response with { Fields = [.. response.Fields.Where(field => field.Key != name)] };
        byte[] other = "{\"id\":8}"u8.ToArray();

        ReferenceResponse changed = what switch
        {
            "status" => response with { Status = 201 },
            "content" => response with { Body = other },
            "content and digest" => without("Content-Digest").With("Content-Digest", RequestDraft.DigestOf(other)) with { Body = other },
            "content removed" => response with { Body = [] },
            "digest removed" => without("Content-Digest"),
            "content type" => without("Content-Type").With("Content-Type", "text/html"),
            "location added" => response.With("Location", "https://evil.example/"),
            "encoding added" => response.With("Content-Encoding", "gzip"),
            "signature removed" => response with { Fields = [.. response.Fields.Where(field => !field.Key.StartsWith("Signature", StringComparison.Ordinal))] },
            "other request" => response with { Request = _exchange.Request(target: "/orders?id=8") },
            "same request once more" => response with { Request = _exchange.Request() },
            "other method" => response with { Request = _exchange.Request("DELETE") },
            _ => response with { Request = _exchange.Request(authority: "api.example.org") },
        };

        Assert.Equal(SignatureStatus.Verified, _exchange.Verify(response));
        Assert.Equal(expected, _exchange.Verify(changed));
    }

    [Fact]
    public void A_response_to_an_equal_request_is_told_apart_by_the_signature_of_the_request_alone()
    {
        var signer = new MessageSigner(new SigningPolicy(MessageKind.Response) { CoverRequestSignature = false }, _exchange.Clock);
        ReferenceResponse response = _exchange.Sign(ResponseExchange.Answer(_exchange.Request()), signer);
        ReferenceResponse replayed = response with { Request = _exchange.Request() };

        var lenient = new MessageVerifier(new VerificationPolicy(MessageKind.Response) { CoverRequestSignature = false }, _exchange.Clock);

        Assert.Equal(SignatureStatus.Verified, ResponseVerification.Verify(lenient, replayed, _exchange.Key));
        Assert.Equal(SignatureStatus.InsufficientCoverage, _exchange.Verify(replayed));
        Assert.Equal(SignatureStatus.InsufficientCoverage, _exchange.Verify(response));
    }

    [Fact]
    public void A_signature_that_the_response_has_itself_is_not_that_of_its_request()
    {
        ReferenceRequest request = _exchange.Request();
        string mac = request.Lines("signature").Single();
        ReferenceResponse answer = ResponseExchange.Answer(request).With("Signature-Input", "sig=(\"@status\");created=1;keyid=\"gate\"").With("Signature", mac);
        var policy = new SigningPolicy(MessageKind.Response);
        var signer = new MessageSigner(new SigningPolicy(MessageKind.Response) { Components = [.. policy.Components, "\"signature\";key=\"sig\""], CoverRequestSignature = false }, _exchange.Clock);

        Assert.Equal(SignatureStatus.InsufficientCoverage, _exchange.Verify(_exchange.Sign(answer, signer)));
    }

    [Fact]
    public void The_signature_of_the_request_is_no_other_signature_of_the_response()
    {
        string gates = $"sig=(\"@status\");created={_exchange.Clock.GetUtcNow().ToUnixTimeSeconds()};keyid=\"gate\"";
        ReferenceResponse answer = ResponseExchange.Answer(_exchange.Request()).With("Signature-Input", gates).With("Signature", $"sig=:{new string('A', 43)}=:");
        var message = new ReferenceResponseMessage(_exchange.Sign(answer));
        var policy = new VerificationPolicy(MessageKind.Response) { RequiredComponents = ["@status"], CoveredIfPresent = [], CoverRequestSignature = false };

        Assert.True(new MessageVerifier(policy, _exchange.Clock).TryRead(message, out SignatureCandidates candidates, out _));
        Assert.True(candidates[1].Covers(message, "\"signature\";req;key=\"sig\""));
        Assert.False(candidates[1].CoversSignature(message, candidates[0]));
    }

    [Theory]
    [InlineData("\"@path\";req")]
    [InlineData("\"@query\";req")]
    [InlineData("\"@query-param\";name=\"a\";req")]
    public void Of_a_request_that_is_not_known_a_response_covers_nothing(string component)
    {
        var unknown = new ReferenceRequest("GET", "https", "api.example.com", "", [], []);
        var message = new ReferenceResponseMessage(ResponseExchange.Answer(unknown, content: "", label: null));
        var signer = new MessageSigner(new SigningPolicy(MessageKind.Response) { Components = ["@status", component], CoverRequestSignature = false }, _exchange.Clock);

        Assert.False(signer.TrySign(message, _exchange.Key, new char[1024], new char[96], out _, out _, out SignatureStatus refusal));
        Assert.Equal(SignatureStatus.MissingComponent, refusal);
    }

    [Fact]
    public void A_response_to_a_request_without_a_signature_covers_none_and_needs_none()
    {
        var request = new ReferenceRequest("GET", "https", "api.example.com", "/orders", [], []);

        ReferenceResponse response = _exchange.Sign(ResponseExchange.Answer(request, label: null));

        Assert.DoesNotContain("signature", response.Lines("signature-input").Single(), StringComparison.Ordinal);
        Assert.Equal(SignatureStatus.Verified, _exchange.Verify(response));
    }

    [Fact]
    public void A_request_signature_is_no_response_signature()
    {
        ReferenceRequest request = _exchange.Request();
        ReferenceResponse echoed = ResponseExchange.Answer(request, content: "").With("Signature-Input", request.Lines("signature-input")).With("Signature", request.Lines("signature"));

        // What the request covers cannot be covered by a response at all; where it can, the status is missing.
        var fields = new MessageSigner(new SigningPolicy { Components = ["x-tenant"] }, _exchange.Clock);
        char[] input = new char[256];
        char[] signature = new char[96];
        Assert.True(fields.TrySign(new ReferenceMessage(request with { Fields = request.Fields.Take(1).ToList() }), _exchange.Key, input, signature, out int inputLength, out int signatureLength, out _));
        ReferenceResponse ofFields = ResponseExchange.Answer(request, content: "").With("X-Tenant", "blue")
            .With("Signature-Input", new string(input, 0, inputLength)).With("Signature", new string(signature, 0, signatureLength));

        Assert.Equal(SignatureStatus.UnsupportedComponent, _exchange.Verify(echoed));
        Assert.Equal(SignatureStatus.InsufficientCoverage, _exchange.Verify(ofFields));
    }

    [Fact]
    [Trait("Protocol", "B6")]
    public void A_response_signature_is_no_request_signature()
    {
        ReferenceRequest request = _exchange.Request();
        ReferenceResponse response = _exchange.Sign(ResponseExchange.Answer(request, content: ""));
        var reflected = new ReferenceMessage(request with
        {
            Fields = [KeyValuePair.Create("Signature-Input", response.Lines("signature-input").Single()), KeyValuePair.Create("Signature", response.Lines("signature").Single())],
        });

        Assert.False(new MessageVerifier(new VerificationPolicy(), _exchange.Clock).TryRead(reflected, out _, out SignatureStatus refusal));
        Assert.Equal(SignatureStatus.UnsupportedComponent, refusal);
    }

    [Fact]
    public void A_policy_for_requests_is_not_used_for_a_response()
    {
        var message = new ReferenceResponseMessage(_exchange.Sign(ResponseExchange.Answer(_exchange.Request())));
        var verifier = new MessageVerifier(new VerificationPolicy(), _exchange.Clock);
        var signer = new MessageSigner(new SigningPolicy { Components = ["content-type"] }, _exchange.Clock);

        Assert.Throws<ArgumentException>("message", () => verifier.TryRead(message, out _, out _));
        Assert.Throws<ArgumentException>("message", () => verifier.TryRead(message, _exchange.Clock.GetUtcNow(), out _, out _));
        Assert.Throws<ArgumentException>("message", () => signer.TrySign(message, _exchange.Key, new char[1024], new char[96], out _, out _, out _));
    }

    [Fact]
    public void A_policy_for_requests_is_not_used_for_a_response_whose_list_it_has_seen_in_a_request()
    {
        var policy = new VerificationPolicy { RequiredComponents = ["x-tenant"], CoveredIfPresent = [] };
        var verifier = new MessageVerifier(policy, _exchange.Clock);
        var signer = new MessageSigner(new SigningPolicy { Components = ["x-tenant"], CoverIfPresent = [] }, _exchange.Clock);
        var request = new ReferenceRequest("GET", "https", "api.example.com", "/", [KeyValuePair.Create("X-Tenant", "blue")], []);
        char[] input = new char[256];
        char[] signature = new char[96];
        Assert.True(signer.TrySign(new ReferenceMessage(request), _exchange.Key, input, signature, out int inputLength, out int signatureLength, out _));
        (string Input, string Signature) sent = (new string(input, 0, inputLength), new string(signature, 0, signatureLength));
        var message = new ReferenceMessage(request.With("Signature-Input", sent.Input).With("Signature", sent.Signature));
        Assert.True(verifier.TryRead(message, out SignatureCandidates candidates, out _));
        Assert.Equal(SignatureStatus.Verified, verifier.Verify(message, candidates[0], _exchange.Key, out _));

        var reflected = new ReferenceResponseMessage(
            ResponseExchange.Answer(request, content: "", label: null).With("X-Tenant", "blue").With("Signature-Input", sent.Input).With("Signature", sent.Signature));

        Assert.Throws<ArgumentException>("message", () => verifier.TryRead(reflected, out _, out _));
    }

    [Fact]
    public void A_policy_that_names_a_component_twice_signs_nothing()
    {
        Assert.Throws<ArgumentException>(() => new MessageSigner(new SigningPolicy { Components = ["@path", "@method", "\"@path\""] }));
        Assert.Throws<ArgumentException>(() => new MessageSigner(new SigningPolicy(MessageKind.Response) { Components = ["@status", "\"x\";req;key=\"a\"", "\"x\";key=\"a\";req"] }));
    }

    [Fact]
    public void A_policy_for_responses_signs_no_request_and_verifies_none()
    {
        ReferenceRequest request = _exchange.Request();

        Assert.False(_exchange.Signer.TrySign(new ReferenceMessage(request), _exchange.Key, new char[1024], new char[96], out _, out _, out SignatureStatus unsigned));
        Assert.False(_exchange.Verifier.TryRead(new ReferenceMessage(request), out _, out SignatureStatus refusal));
        Assert.Equal((SignatureStatus.UnsupportedComponent, SignatureStatus.InsufficientCoverage), (unsigned, refusal));
    }

    [Theory]
    [InlineData("content-type")]
    [InlineData("@status", "@method")]
    [InlineData("@status", "\"@status\";req")]
    [InlineData("@status", "\"x-end\";tr")]
    public void A_policy_for_responses_names_the_status_and_only_what_a_response_can_cover(params string[] components)
    {
        Assert.Throws<ArgumentException>(() => new MessageVerifier(new VerificationPolicy(MessageKind.Response) { RequiredComponents = components }));
        Assert.Throws<ArgumentException>(() => new MessageSigner(new SigningPolicy(MessageKind.Response) { Components = components }));
    }

    [Theory]
    [InlineData("@status")]
    [InlineData("\"@method\";req")]
    [InlineData("\"x-tenant\";req")]
    [Trait("Protocol", "C5")]
    public void A_policy_for_requests_names_nothing_of_a_response(string component)
    {
        Assert.Throws<ArgumentException>(() => new MessageVerifier(new VerificationPolicy { RequiredComponents = [component] }));
        Assert.Throws<ArgumentException>(() => new MessageSigner(new SigningPolicy { Components = [component] }));
    }

    [Fact]
    public void A_response_is_dated_by_a_clock_that_may_be_five_minutes_ahead_or_is_told()
    {
        ReferenceResponse response = _exchange.Sign(ResponseExchange.Answer(_exchange.Request()));
        var message = new ReferenceResponseMessage(response);
        DateTimeOffset signed = _exchange.Clock.GetUtcNow();
        SignatureStatus At(TimeSpan offset)
        {
            _exchange.Verifier.TryRead(message, signed + offset, out _, out SignatureStatus refusal);
            return refusal;
        }

        Assert.Equal(SignatureStatus.NotVerified, At(TimeSpan.FromMinutes(-5)));
        Assert.Equal(SignatureStatus.CreatedInFuture, At(TimeSpan.FromSeconds(-301)));
        Assert.Equal(SignatureStatus.NotVerified, At(TimeSpan.FromMinutes(5)));
        Assert.Equal(SignatureStatus.TooOld, At(TimeSpan.FromSeconds(301)));
    }

    [Fact]
    [Trait("Protocol", "W4")]
    public void A_signature_that_a_response_has_already_is_kept_and_its_label_avoided()
    {
        ReferenceResponse response = ResponseExchange.Answer(_exchange.Request()).With("Signature-Input", "sig=(\"@status\");created=1;keyid=\"gate\"").With("Signature", "sig=:AAAA:");

        ReferenceResponse signed = _exchange.Sign(response);

        Assert.StartsWith("sig2=(", signed.Lines("signature-input")[1], StringComparison.Ordinal);
        Assert.Equal(SignatureStatus.Verified, _exchange.Verify(signed));
    }

    [Theory]
    [InlineData("sig1=(\"@method\" \"@authority\" \"@path\" \"@query\");created=1618884473;keyid=\"k\"", "sig1")]
    [InlineData("  a.b-c_*1=(\"@method\"  \"@authority\" \"@path\" \"@query\");created=1618884473;keyid=\"k\"", "a.b-c_*1")]
    [InlineData("x=1;a, *y=(\"@method\" \"@authority\" \"@path\" \"@query\");created=1618884473;keyid=\"k\"", "*y")]
    [InlineData("x=1,y=(\"@method\" \"@authority\" \"@path\" \"@query\");created=1618884473;keyid=\"k\"", "y")]
    public void A_candidate_tells_its_label(string input, string label)
    {
        string signatures = string.Join(", ", ((string[])["x", label]).Where(name => input.Contains(name + "=", StringComparison.Ordinal)).Distinct().Select(name => $"{name}=:{new string('A', 43)}=:"));
        var message = new ReferenceMessage(new ReferenceRequest("GET", "https", "a", "/", [KeyValuePair.Create("Signature-Input", input), KeyValuePair.Create("Signature", signatures)], []));
        var verifier = new MessageVerifier(new VerificationPolicy(), new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1618884475)));

        Assert.True(verifier.TryRead(message, out SignatureCandidates candidates, out SignatureStatus refusal), refusal.ToString());
        Assert.Equal(label, candidates[0].GetLabel(message).ToString());
        Assert.Equal("", candidates[0].GetLabel(new ReferenceMessage(new ReferenceRequest("GET", "https", "a", "/", [], []))).ToString());
    }
}
