using System.Text;
using System.Text.Json;
using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Fuzz;

/// <summary>Whole verifications by the core against the reference's: same verdict, same signature base.</summary>
public sealed class MessageFuzzTests
{
    private static readonly int Cases = Effort.Of(20_000);

    private static readonly ReferenceContext Context = new(
        new VerificationPolicy(),
        SignedRequest.Keys,
        RegisteredFields.Types,
        DateTimeOffset.FromUnixTimeSeconds(SignedRequest.Now));

    private static readonly ReferenceContext TaggedContext = Context with
    {
        Policy = new VerificationPolicy { Tag = "t", RequiredComponents = ["@authority"], CoveredIfPresent = [], RefuseUnknownParameters = true },
    };

    // The core judges each request twice: by a fresh verifier, and by one that has verified before and reads the usual form by a
    // short cut.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1_000_000, 2)]
    public void Core_and_reference_give_every_request_the_same_verdict_and_so_does_a_verifier_with_a_memory(int firstSeed, int part)
    {
        var cases = Cases / part;
        MessageVerifier[] verifiers = [.. new[] { TaggedContext, Context }.Select(context => new MessageVerifier(context.Policy, new ManualTimeProvider(context.Now)))];
        var verdicts = new Dictionary<SignatureStatus, int>();
        var known = 0;
        for (var seed = firstSeed; seed < firstSeed + cases; seed++)
        {
            var request = new SignedRequest(new Draw(seed)).Generate();
            var tagged = seed % 5 == 0;
            var verifier = verifiers[tagged ? 0 : 1];
            var context = tagged ? TaggedContext : Context;
            var expected = ReferenceVerifier.Verify(request, context);
            var actual = CoreVerification.Verify(request, context);
            var remembering = CoreVerification.Verify(verifier, request, context);
            verdicts[expected] = verdicts.GetValueOrDefault(expected) + 1;
            known += verifier.TryRead(new ReferenceMessage(request), out var candidates, out _) && candidates[0].Known != KnownLists.None ? 1 : 0;
            if (expected != actual || expected != remembering)
            {
                Assert.Fail($"Seed {seed}: reference {expected}, core {actual}, with a memory {remembering}\n{Print(request)}");
            }
        }

        // What the generator never reaches it proves nothing about.
        Assert.True(verdicts[SignatureStatus.Verified] > cases / 15, $"{verdicts[SignatureStatus.Verified]} verified");
        Assert.True(verdicts.Count >= 14, string.Join(", ", verdicts));
        Assert.True(known > cases / 200, $"{known} by the short cut");
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
