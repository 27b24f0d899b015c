using System.Text;
using System.Text.Json;
using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Fuzz;

/// <summary>Whole verifications by the core against the reference's: same verdict, same signature base.</summary>
public sealed class MessageFuzzTests
{
    private const int Cases = 20_000;

    private static readonly ReferenceContext Context = new(
        new VerificationPolicy(),
        SignedRequest.Keys,
        RegisteredFields.Types,
        DateTimeOffset.FromUnixTimeSeconds(SignedRequest.Now));

    private static readonly ReferenceContext TaggedContext = Context with
    {
        Policy = new VerificationPolicy { Tag = "t", RequiredComponents = ["@authority"], CoveredIfPresent = [], RefuseUnknownParameters = true },
    };

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public void Core_and_reference_give_every_request_the_same_verdict(int firstSeed)
    {
        var verdicts = new Dictionary<SignatureStatus, int>();
        for (var seed = firstSeed; seed < firstSeed + (Cases / 2); seed++)
        {
            var request = new SignedRequest(new Draw(seed)).Generate();
            var context = seed % 5 == 0 ? TaggedContext : Context;
            var expected = ReferenceVerifier.Verify(request, context);
            var actual = CoreVerification.Verify(request, context);
            verdicts[expected] = verdicts.GetValueOrDefault(expected) + 1;
            if (expected != actual)
            {
                Assert.Fail($"Seed {seed}: reference {expected}, core {actual}\n{Print(request)}");
            }
        }

        // What the generator never reaches it proves nothing about.
        Assert.True(verdicts[SignatureStatus.Verified] > Cases / 30, $"{verdicts[SignatureStatus.Verified]} verified");
        Assert.True(verdicts.Count >= 14, string.Join(", ", verdicts));
    }

    // A verifier that has verified before reads the usual form by a short cut: the same requests, by the same two verifiers.
    [Fact]
    public void A_verifier_with_a_memory_gives_every_request_the_same_verdict()
    {
        MessageVerifier[] verifiers = [.. new[] { TaggedContext, Context }.Select(context => new MessageVerifier(context.Policy, new ManualTimeProvider(context.Now)))];
        var known = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var request = new SignedRequest(new Draw(seed)).Generate();
            var tagged = seed % 5 == 0;
            var verifier = verifiers[tagged ? 0 : 1];
            var context = tagged ? TaggedContext : Context;
            var expected = ReferenceVerifier.Verify(request, context);
            var actual = CoreVerification.Verify(verifier, request, context);
            known += verifier.TryRead(new ReferenceMessage(request), out var candidates, out _) && candidates[0].Known != KnownLists.None ? 1 : 0;
            if (expected != actual)
            {
                Assert.Fail($"Seed {seed}: reference {expected}, core {actual}\n{Print(request)}");
            }
        }

        Assert.True(known > Cases / 200, $"{known} by the short cut");
    }

    [Fact]
    public void Core_and_reference_build_the_same_signature_base_of_every_request()
    {
        var built = 0;
        for (var seed = 2_000_000; seed < 2_000_000 + (Cases / 2); seed++)
        {
            var request = new SignedRequest(new Draw(seed)).Generate();
            if (FirstSignature(request) is not { } signature)
            {
                continue;
            }

            var expected = Reference(request, signature);
            var actual = CoreVerification.BuildBase(request, Context.Policy);
            built += expected.Base is null ? 0 : 1;
            if (expected != actual)
            {
                Assert.Fail($"Seed {seed}: reference {expected}, core {actual}\n{Print(request)}");
            }
        }

        Assert.True(built > Cases / 15, $"{built} built");
    }

    // The base is only ever asked for of a signature that is well-formed.
    private static ReferenceSignature? FirstSignature(ReferenceRequest request)
    {
        try
        {
            var signature = ReferenceSignatureFields.ReadInput(request)[0];
            ReferencePolicy.CheckShape(signature);
            return signature;
        }
        catch (RefusalException)
        {
            return null;
        }
    }

    private static (SignatureStatus Status, string? Base) Reference(ReferenceRequest request, ReferenceSignature signature)
    {
        try
        {
            return (SignatureStatus.Verified, ReferenceBase.Build(request, signature, Context.FieldTypes));
        }
        catch (RefusalException refusal)
        {
            return (refusal.Status, null);
        }
    }

    private static string Print(ReferenceRequest request)
    {
        var text = new StringBuilder().AppendLine($"{Quote(request.Method)} {Quote(request.Scheme)} {Quote(request.Authority)} {Quote(request.Target)}");
        foreach (var field in request.Fields)
        {
            text.AppendLine($"{Quote(field.Key)}: {Quote(field.Value)}");
        }

        return text.Append(Convert.ToHexString(request.Body)).ToString();
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
