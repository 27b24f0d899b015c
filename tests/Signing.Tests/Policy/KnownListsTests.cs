using System.Security.Cryptography;
using System.Text;
using Signing.Tests.Reference;
using Signing.Tests.Support;
using Signing.Tests.Vectors;

namespace Signing.Tests.Policy;

public sealed class KnownListsTests
{
    private const string List = "(\"@method\" \"@authority\" \"@path\" \"@query\")";
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);
    private static readonly SigningKey Key = new("key", Secret);
    private static readonly SigningKey Other = new("key", RandomNumberGenerator.GetBytes(32));
    private readonly MessageVerifier _verifier = new(new VerificationPolicy(), new ManualTimeProvider());
    private readonly MessageSigner _signer = new(new SigningPolicy(), new ManualTimeProvider());

    public static TheoryData<string> Names => [.. MessageVector.All.Keys];

    [Theory, MemberData(nameof(Names))]
    public void The_verdict_is_the_same_when_the_list_is_known(string name)
    {
        MessageVector vector = MessageVector.All[name];
        var verifier = new MessageVerifier(vector.Context.Policy, new ManualTimeProvider(vector.Context.Now));
        foreach (string line in vector.Request.Lines("signature-input"))
        {
            RememberAll(verifier, line);
        }

        Assert.Equal(vector.Expected, CoreVerification.Verify(verifier, vector.Request, vector.Context));
        Assert.Equal(vector.Expected, CoreVerification.Verify(verifier, vector.Request, vector.Context));
    }

    [Theory, MemberData(nameof(MessageVectorTests.NamesWithABase), MemberType = typeof(MessageVectorTests))]
    public void The_base_is_the_same_when_the_list_is_known(string name)
    {
        MessageVector vector = MessageVector.All[name];
        string line = vector.Request.Lines("signature-input")[0].Trim();
        string text = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
        if (!IsCanonical(text) || ComponentList.TryCreate(text.AsSpan(0, text.IndexOf(')', StringComparison.Ordinal) + 1), rules: null) is not { } list)
        {
            // Such a list is never known.
            Assert.True(text.Contains(';', StringComparison.Ordinal) || text.Contains("  ", StringComparison.Ordinal) || text.Contains("( ", StringComparison.Ordinal));
            return;
        }

        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        SignatureStatus status = SignatureBase.Write(new ReferenceMessage(vector.Request), list, text, ref buffer);

        Assert.Equal(SignatureStatus.Verified, status);
        Assert.Equal(vector.Base, Encoding.ASCII.GetString(buffer.Written));
        buffer.Dispose();
    }

    [Fact]
    public void A_list_is_remembered_once_a_signature_with_it_was_verified_and_not_before()
    {
        ReferenceRequest request = Sign(Request());
        using var otherKey = new SigningKey("key", RandomNumberGenerator.GetBytes(32));

        Assert.Equal(SignatureStatus.InvalidCredential, Verify(request, otherKey));
        Assert.Equal(KnownLists.None, _verifier.Known.Find(List));

        Assert.Equal(SignatureStatus.Verified, Verify(request, Key));
        Assert.NotEqual(KnownLists.None, _verifier.Known.Find(List));
        Assert.Equal(SignatureStatus.Verified, Verify(request, Key));
        Assert.Equal(SignatureStatus.Verified, Verify(Sign(Request()), Key));
    }

    [Fact]
    public void A_change_of_any_covered_part_is_seen_when_the_list_is_known()
    {
        ReferenceRequest request = Sign(Request());
        Assert.Equal(SignatureStatus.Verified, Verify(request, Key));

        Assert.Equal(SignatureStatus.InvalidCredential, Verify(request with { Method = "PUT" }, Key));
        Assert.Equal(SignatureStatus.InvalidCredential, Verify(request with { Authority = "evil.example" }, Key));
        Assert.Equal(SignatureStatus.InvalidCredential, Verify(request with { Target = "/b?x=1" }, Key));
        Assert.Equal(SignatureStatus.InvalidCredential, Verify(request with { Target = "/a?x=2" }, Key));
        Assert.Equal(SignatureStatus.MissingComponent, Verify(request with { Target = "" }, Key));
        Assert.Equal(SignatureStatus.InsufficientCoverage, Verify(request.With("content-type", "text/plain"), Key));
        Assert.Equal(SignatureStatus.Verified, Verify(request, Key));
    }

    [Fact]
    public void A_candidate_of_another_message_is_refused_when_the_list_is_known()
    {
        ReferenceRequest request = Sign(Request());
        Verify(request, Key);
        Assert.True(_verifier.TryRead(new ReferenceMessage(request), out SignatureCandidates candidates, out _));
        ReferenceRequest bare = Request();
        ReferenceRequest other = Request().With("signature-input", new string('x', 500));

        Assert.Equal(SignatureStatus.MalformedSignatureInput, _verifier.Verify(new ReferenceMessage(bare), in candidates[0], Key, out _));
        Assert.Equal(SignatureStatus.MalformedSignatureInput, _verifier.Verify(new ReferenceMessage(other), in candidates[0], Key, out _));
    }

    [Fact]
    public void A_candidate_may_be_verified_by_another_verifier_of_the_same_policy()
    {
        ReferenceRequest request = Sign(Request());
        Verify(request, Key);
        Assert.True(_verifier.TryRead(new ReferenceMessage(request), out SignatureCandidates candidates, out _));
        var other = new MessageVerifier(new VerificationPolicy(), new ManualTimeProvider());

        Assert.NotEqual(KnownLists.None, candidates[0].Known);
        Assert.Equal(SignatureStatus.Verified, other.Verify(new ReferenceMessage(request), in candidates[0], Key, out _));
    }

    [Fact]
    public void At_most_sixteen_lists_are_remembered_and_those_beyond_are_verified_all_the_same()
    {
        for (int i = 0; i < KnownLists.MaxLists + 4; i++)
        {
            string field = $"x-{i}";
            var signer = new MessageSigner(new SigningPolicy { CoverIfPresent = [field] }, new ManualTimeProvider());
            ReferenceRequest request = Sign(Request().With(field, "v"), signer);
            string list = List.Replace(")", $" \"{field}\")", StringComparison.Ordinal);

            Assert.Equal(SignatureStatus.Verified, Verify(request, Key));
            Assert.Equal(SignatureStatus.Verified, Verify(request, Key));
            Assert.Equal(i < KnownLists.MaxLists, _verifier.Known.Find(list) != KnownLists.None);
        }
    }

    [Theory]
    [InlineData("(\"@method\" \"@query-param\";name=\"a\");created=1")]
    [InlineData("(\"@method\" \"x\";bs);created=1")]
    [InlineData("(\"@unknown\");created=1")]
    [InlineData("();created=1")]
    [InlineData(";created=1")]
    [InlineData("")]
    public void A_list_with_parameters_or_without_components_is_not_remembered(string text)
    {
        _verifier.Known.Remember(text);

        Assert.Equal(KnownLists.None, _verifier.Known.Find(text));
    }

    [Fact]
    public void A_list_longer_than_512_characters_is_not_remembered()
    {
        string longest = $"(\"{new string('x', KnownLists.MaxLength - 4)}\")";
        string tooLong = $"(\"{new string('y', KnownLists.MaxLength - 3)}\")";

        _verifier.Known.Remember(longest);
        _verifier.Known.Remember(tooLong);

        Assert.NotEqual(KnownLists.None, _verifier.Known.Find(longest));
        Assert.Equal(KnownLists.None, _verifier.Known.Find(tooLong));
    }

    [Fact]
    public void A_longer_list_with_the_same_beginning_is_another_list()
    {
        _verifier.Known.Remember(List);

        Assert.Equal(KnownLists.None, _verifier.Known.Find(List.Replace(")", " \"date\")", StringComparison.Ordinal)));
        Assert.Equal(KnownLists.None, _verifier.Known.Find(List.AsSpan(0, List.Length - 1)));
        Assert.NotEqual(KnownLists.None, _verifier.Known.Find(List + ";created=1"));
    }

    [Fact]
    public void A_known_list_without_an_equals_sign_before_it_is_as_malformed_as_an_unknown_one()
    {
        ReferenceRequest request = Sign(Request());
        ReferenceRequest malformed = Request()
            .With("signature-input", request.Lines("signature-input")[0].Replace("=(", "(", StringComparison.Ordinal))
            .With("signature", request.Lines("signature")[0]);
        SignatureStatus unknown = Verify(malformed, Key);

        Assert.Equal(SignatureStatus.Verified, Verify(request, Key));
        Assert.Equal(SignatureStatus.MalformedSignatureInput, unknown);
        Assert.Equal(SignatureStatus.MalformedSignatureInput, Verify(malformed, Key));
    }

    [Theory]
    [InlineData("signature-input")]
    [InlineData("signature")]
    public void Each_change_of_a_character_is_judged_as_it_is_without_a_memory(string field)
    {
        var signer = new MessageSigner(new SigningPolicy { Tag = "t", Lifetime = TimeSpan.FromMinutes(1) }, new ManualTimeProvider());
        ReferenceRequest request = Sign(Request(), signer);
        Assert.Equal(SignatureStatus.Verified, Verify(request, Key));
        Assert.True(_verifier.TryRead(new ReferenceMessage(request), out SignatureCandidates usual, out _));
        Assert.NotEqual(KnownLists.None, usual[0].Known);

        string line = request.Lines(field)[0];
        for (int at = 0; at <= line.Length; at++)
        {
            foreach (char c in " \t\"\\;=:,()-0199azAZ@%?\u00e9\u007f\0")
            {
                AssertJudgedAlike(Replace(request, field, line.Insert(at, c.ToString())));
                AssertJudgedAlike(Replace(request, field, at == line.Length ? line : line.Remove(at, 1).Insert(at, c.ToString())));
            }

            AssertJudgedAlike(Replace(request, field, line[..at]));
            AssertJudgedAlike(Replace(request, field, line[..at] + line[Math.Min(at + 1, line.Length)..]));
            AssertJudgedAlike(Replace(request, field, line + line[at..]));
        }
    }

    [Theory]
    [InlineData(";created=1893499200;keyid=\"key\";created=1893499200")]
    [InlineData(";keyid=\"key\"")]
    [InlineData(";created=1893499200")]
    [InlineData(";created=1893499200;keyid=\"k\\\"y\"")]
    [InlineData(";created=01893499200;keyid=\"key\"")]
    [InlineData(";created=-0;keyid=\"key\"")]
    [InlineData(";created=0;keyid=\"key\"")]
    [InlineData(";created=1893499200.0;keyid=\"key\"")]
    [InlineData(";created=1893499200;keyid=\"key\";expires=1893499199")]
    [InlineData(";created=1893499200;keyid=\"key\";expires=1893499201;tag=\"\";nonce=\"\";alg=\"hmac-sha256\"")]
    [InlineData(";created=1893499200;keyid=\"key\";alg=\"hmac-sha512\"")]
    [InlineData(";created=1893499200;keyid=\"key\";x=1")]
    [InlineData(";created=1893499200;keyid=\"key\";created")]
    [InlineData(";created=1893499200;keyid=\"key\" ")]
    [InlineData(";created=1893499200;keyid=\"key\", ")]
    [InlineData(";created=1893499200;keyid=\"key\", b=()")]
    [InlineData(";created=1893499200;keyid=key")]
    [InlineData(";created=\"1893499200\";keyid=\"key\"")]
    [InlineData(";created=189349920012345;keyid=\"key\"")]
    [InlineData(";created=1893499200123456;keyid=\"key\"")]
    [InlineData("")]
    [InlineData(" ")]
    public void Parameters_of_any_kind_are_judged_as_they_are_without_a_memory(string parameters)
    {
        ReferenceRequest request = Sign(Request());
        Assert.Equal(SignatureStatus.Verified, Verify(request, Key));

        AssertJudgedAlike(Replace(request, "signature-input", $"sig={List}{parameters}"));
        AssertJudgedAlike(Replace(request, "signature-input", $"sig={List};keyid=\"{new string('k', 257)}\"{parameters}"));
    }

    private static ReferenceRequest Replace(ReferenceRequest request, string field, string line) =>
        request with { Fields = [.. request.Fields.Where(known => known.Key != field), KeyValuePair.Create(field, line)] };

    private void AssertJudgedAlike(ReferenceRequest request)
    {
        var fresh = new MessageVerifier(new VerificationPolicy(), new ManualTimeProvider());
        bool expected = fresh.TryRead(new ReferenceMessage(request), out SignatureCandidates without, out SignatureStatus refusal);
        bool actual = _verifier.TryRead(new ReferenceMessage(request), out SignatureCandidates with, out SignatureStatus actualRefusal);
        Assert.Equal((expected, refusal, without.Count), (actual, actualRefusal, with.Count));
        if (!expected)
        {
            return;
        }

        Assert.Equal(Describe(without[0], request), Describe(with[0], request));
        Assert.Equal(
            fresh.Verify(new ReferenceMessage(request), in without[0], Other, out _),
            _verifier.Verify(new ReferenceMessage(request), in with[0], Other, out _));
        Assert.Equal(Verify(fresh, request, in without[0]), Verify(_verifier, request, in with[0]));
    }

    private static SignatureStatus Verify(MessageVerifier verifier, ReferenceRequest request, in SignatureCandidate candidate) =>
        verifier.Verify(new ReferenceMessage(request), in candidate, Key, out _);

    private static string Describe(in SignatureCandidate candidate, ReferenceRequest request)
    {
        var message = new ReferenceMessage(request);
        ReadOnlySpan<char> keyId = candidate.GetKeyId(message, new char[SignatureLimits.MaxKeyIdLength]);
        return $"{candidate.Created} {candidate.Expires} {candidate.Parameters} {candidate.CoversContentDigest} {keyId} {candidate.GetText(message)} {Convert.ToHexString(candidate.Mac)}";
    }

    private static ReferenceRequest Request() => new("GET", "https", "api.example", "/a?x=1", [], []);

    private ReferenceRequest Sign(ReferenceRequest request, MessageSigner? signer = null)
    {
        Span<char> input = stackalloc char[512];
        Span<char> signature = stackalloc char[128];
        Assert.True((signer ?? _signer).TrySign(new ReferenceMessage(request), Key, input, signature, out int inputWritten, out int signatureWritten, out _));
        return request.With("signature-input", input[..inputWritten].ToString()).With("signature", signature[..signatureWritten].ToString());
    }

    private SignatureStatus Verify(ReferenceRequest request, SigningKey key)
    {
        var message = new ReferenceMessage(request);
        return _verifier.TryRead(in message, out SignatureCandidates candidates, out SignatureStatus refusal)
            ? _verifier.Verify(in message, in candidates[0], key, out _)
            : refusal;
    }

    // What a verified signature would leave behind: lists in the strict form, without a duplicate.
    private static void RememberAll(MessageVerifier verifier, string line)
    {
        var rules = new CoverageRules([], []);
        var reader = new StructuredFieldReader(line.Trim());
        while (reader.TryReadKey(out _))
        {
            int start = reader.Position;
            if (!reader.TryReadInnerListStart())
            {
                StructuredFieldSkipper.SkipValue(ref reader);
                continue;
            }

            SignatureStatus status = CoveredComponents.Read(ref reader, line.Trim(), rules, isResponse: false, out _, out _);
            bool isCanonical = reader.IsCanonical;
            int end = reader.Position;
            if (status == SignatureStatus.TooLarge)
            {
                return;
            }

            StructuredFieldSkipper.SkipParameters(ref reader);
            if (status == SignatureStatus.Verified && isCanonical)
            {
                verifier.Known.Remember(line.Trim().AsSpan(start, end - start));
            }
        }
    }

    private static bool IsCanonical(string text)
    {
        var reader = new StructuredFieldReader(text);
        reader.TryReadInnerListStart();
        StructuredFieldSkipper.SkipInnerList(ref reader);
        return !reader.Failed && reader.IsCanonical;
    }
}
