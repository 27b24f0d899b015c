using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Fuzz;

/// <summary>What an attacker may send at most costs him more than us: sizes are looked at before anything is parsed.</summary>
public sealed class RobustnessTests
{
    private const int Megabyte = 1 << 20;
    private const string Covered = "(\"@method\" \"@authority\" \"@path\" \"@query\")";
    private const string Parameters = ";created=1618884475;keyid=\"k1\"";

    private static readonly string Mac = $":{Convert.ToBase64String(new byte[32])}:";

    private static readonly ReferenceRequest Plain = new("GET", "https", "h", "/", [], []);

    private static readonly ReferenceContext Context = new(
        new VerificationPolicy(),
        SignedRequest.Keys,
        RegisteredFields.Types,
        DateTimeOffset.FromUnixTimeSeconds(SignedRequest.Now));

    private static readonly MessageVerifier Verifier = new(Context.Policy, new ManualTimeProvider(Context.Now));

    // One character or group over and over is where a parser that looks back, or copies, would go wrong.
    public static TheoryData<string> Patterns =>
        [" ", "\t", "(", ")", "\"", "\\", "\"a\" ", "a", "a,", "a=(),", "a;", ";a", ";a=", "=", ",", ":", ":A", "A", "%", "%\"", "?", "?1", "@", "-", "1", ".", "é", "\r\n ", "\0", "\"x\";a=\"\\\"\" "];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void A_megabyte_in_a_field_of_ours_is_refused_unread_and_costs_no_memory(string pattern)
    {
        var megabyte = Repeat(pattern, Megabyte);
        var input = Plain.With("Signature-Input", $"s={megabyte}").With("Signature", $"s={Mac}");
        var signature = Plain.With("Signature-Input", $"s={Covered}{Parameters}").With("Signature", $"s={megabyte}");
        foreach (var request in new[] { input, signature })
        {
            var calls = new CountingMessage.Calls();
            var message = new CountingMessage(request, calls);
            Assert.False(Verifier.TryRead(message, out _, out var refusal));
            Assert.Equal(SignatureStatus.TooLarge, refusal);
            Assert.InRange(calls.Lines, 1, 3);

            // Five hundred times a megabyte: a copy, or a part of one, would show. What the runtime itself allocates does not.
            Assert.InRange(Allocation.OfWarmed(() => Verifier.TryRead(message, out _, out _)), 0, 16 * 1024);
        }
    }

    // As large as the limits let it be, in every place a parser looks at.
    [Theory]
    [MemberData(nameof(Patterns))]
    public void Whatever_fills_a_field_to_its_limit_gets_a_verdict_and_the_same_one_from_the_reference(string pattern)
    {
        var text = Repeat(pattern, 2000);
        var signed = Signed(Plain.With("Priority", text), "\"priority\"", Parameters);
        ReferenceRequest[] requests =
        [
            Plain.With("Signature-Input", text).With("Signature", $"s={Mac}"),
            Plain.With("Signature-Input", $"s={text}").With("Signature", $"s={Mac}"),
            Plain.With("Signature-Input", $"s={Covered};x={text}").With("Signature", $"s={Mac}"),
            Plain.With("Signature-Input", $"s=({text}){Parameters}").With("Signature", $"s={Mac}"),
            Plain.With("Signature-Input", $"s={Covered}{Parameters}").With("Signature", text),
            Plain.With("Signature-Input", $"s={Covered}{Parameters}").With("Signature", $"s={Mac}{text}"),
            Signed(Plain.With("Content-Digest", text[..Math.Min(text.Length, 1800)]), "\"content-digest\"", Parameters),
            Signed(Plain with { Target = $"/?{text}&a=1" }, "\"@query-param\";name=\"a\"", Parameters),
            signed,
            WithComponents(signed, "\"priority\";sf"),
            WithComponents(signed, "\"priority\";key=\"u\""),
            WithComponents(signed, "\"priority\";bs"),
        ];
        foreach (var request in requests)
        {
            Assert.Equal(ReferenceVerifier.Verify(request, Context), CoreVerification.Verify(request, Context));
        }
    }

    [Fact]
    public void Ten_thousand_components_are_refused_at_the_limit()
    {
        var components = string.Join(' ', Enumerable.Range(0, 10_000).Select(i => $"\"x{i}\""));
        Assert.Equal(SignatureStatus.TooLarge, Core($"s=({components}){Parameters}", $"s={Mac}"));
        Assert.Equal(SignatureStatus.TooLarge, Core($"s=({Repeat("\"x\" ", 8000)}){Parameters}", $"s={Mac}"));
    }

    [Fact]
    public void A_thousand_labels_are_refused_before_any_key_is_looked_up()
    {
        var inputs = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"s{i}=()"));
        Assert.InRange(inputs.Length, 1, SignatureLimits.MaxSignatureInputLength);
        Assert.Equal(SignatureStatus.TooLarge, Core(inputs, inputs));
    }

    [Fact]
    public void As_many_unknown_keys_as_there_may_be_labels_cost_two_look_ups()
    {
        var inputs = Enumerable.Range(0, SignatureLimits.MaxLabels).Select(i => $"s{i}={Covered};created=1618884475;keyid=\"unknown-{i}\"").ToArray();
        var signatures = Enumerable.Range(0, SignatureLimits.MaxLabels).Select(i => $"s{i}={Mac}").ToArray();
        var calls = new CountingMessage.Calls();
        var message = new CountingMessage(Plain.With("Signature-Input", inputs).With("Signature", signatures), calls);
        Assert.True(Verifier.TryRead(message, out var candidates, out _));
        Assert.Equal(SignatureLimits.MaxCandidates, candidates.Count);

        // Each line once, and each label against each other one.
        Assert.InRange(calls.Lines, 1, 2 * SignatureLimits.MaxLabels * (SignatureLimits.MaxLabels + 1));
    }

    [Fact]
    public void Sixteen_kilobytes_of_spaces_are_refused_in_our_fields_and_trimmed_in_others()
    {
        var spaces = new string(' ', 16 * 1024);
        Assert.Equal(SignatureStatus.TooLarge, Core($"s=({spaces}\"@method\"){Parameters}", $"s={Mac}"));
        Assert.Equal(SignatureStatus.TooLarge, Core($"s={Covered}{Parameters}", $"s={Mac}{spaces}"));
        Assert.Equal(SignatureStatus.Verified, CoreVerification.Verify(Signed(Plain.With("X-A", $"{spaces}a{spaces}"), "\"x-a\"", Parameters), Context));
    }

    [Theory]
    [InlineData(0, SignatureStatus.Verified)]
    [InlineData(1, SignatureStatus.TooLarge)]
    public void The_signature_base_ends_exactly_at_its_limit(int beyond, SignatureStatus expected)
    {
        var empty = Plain.With("X-A", "");
        var input = $"{Covered[..^1]} \"x-a\"){Parameters}";
        var member = SfParser.Parse(input, SfFieldType.List).List!.Single();
        var rest = SignatureLimits.MaxSignatureBaseBytes - ReferenceBase.Build(empty, new ReferenceSignature("s", member), Context.FieldTypes).Length;
        var request = Plain.With("X-A", new string('a', rest + beyond));
        var signed = beyond == 0 ? Signed(request, "\"x-a\"", Parameters) : request.With("Signature-Input", $"s={input}").With("Signature", $"s={Mac}");
        Assert.Equal(expected, ReferenceVerifier.Verify(signed, Context));
        Assert.Equal(expected, CoreVerification.Verify(signed, Context));
    }

    // Wherever a buffer is full, what comes next is the first of a larger one.
    [Fact]
    public void A_signature_base_of_any_length_is_that_of_the_reference()
    {
        for (var length = 0; length < 1200; length++)
        {
            var request = Signed(Plain.With("X-A", new string('a', length)).With("X-B", "b"), "\"x-a\" \"x-b\"", Parameters);

            // The verifier of all cases knows the list after the first, a new one does not.
            Assert.Equal(SignatureStatus.Verified, CoreVerification.Verify(Verifier, request, Context));
            Assert.Equal(SignatureStatus.Verified, CoreVerification.Verify(request, Context));
        }
    }

    [Fact]
    public void Whatever_part_of_the_signature_base_is_beyond_its_limit_it_is_too_large()
    {
        var input = $"{Covered[..^1]} \"x-a\" \"x-b\"){Parameters}";
        var member = SfParser.Parse(input, SfFieldType.List).List!.Single();
        var rest = SignatureLimits.MaxSignatureBaseBytes - ReferenceBase.Build(Plain.With("X-A", "").With("X-B", "b"), new ReferenceSignature("s", member), Context.FieldTypes).Length;
        Assert.Equal(SignatureStatus.Verified, CoreVerification.Verify(Verifier, Signed(Plain.With("X-A", new string('a', rest)).With("X-B", "b"), "\"x-a\" \"x-b\"", Parameters), Context));
        for (var beyond = 1; beyond < 240; beyond++)
        {
            var request = Plain.With("X-A", new string('a', rest + beyond)).With("X-B", "b").With("Signature-Input", $"s={input}").With("Signature", $"s={Mac}");
            Assert.Equal(SignatureStatus.TooLarge, CoreVerification.Verify(Verifier, request, Context));
            Assert.Equal(SignatureStatus.TooLarge, CoreVerification.Verify(request, Context));
        }
    }

    [Theory]
    [InlineData("\"priority\";sf")]
    [InlineData("\"priority\";key=\"u\"")]
    [InlineData("\"priority\";bs")]
    public void A_field_that_is_over_the_limit_before_it_is_serialised_is_too_large(string component)
    {
        var request = Plain.With("Priority", $"u=\"{new string('a', SignatureLimits.MaxSignatureBaseBytes)}\"");
        Assert.Equal(SignatureStatus.TooLarge, CoreVerification.Verify(WithComponents(request, component), Context));
    }

    [Theory]
    [InlineData(4, SignatureStatus.Verified)]
    [InlineData(5, SignatureStatus.TooLarge)]
    public void What_each_component_parses_anew_counts_towards_the_limit_of_the_base(int components, SignatureStatus expected)
    {
        const int Share = SignatureLimits.MaxSignatureBaseBytes / 4;
        var names = Enumerable.Range(0, components).Select(i => $"k{i}").ToArray();
        var query = $"?{string.Join('&', names.Select(name => name + "=1"))}&";
        var dictionary = $"{string.Join(", ", names.Select(name => name + "=1"))}, f=\"";
        var ofQuery = Plain with { Target = $"/{query}{new string('f', Share - query.Length)}" };
        var ofField = Plain.With("Priority", $"{dictionary}{new string('f', Share - dictionary.Length - 1)}\"");

        Assert.Equal(expected, Verify(ofQuery, "\"@query-param\";name="));
        Assert.Equal(expected, Verify(ofField, "\"priority\";key="));
        Assert.Equal(expected, Verify(ofField, "\"priority\";sf;key="));

        SignatureStatus Verify(ReferenceRequest request, string component) =>
            CoreVerification.Verify(Signed(request, string.Join(' ', names.Select(name => $"{component}\"{name}\"")), Parameters), Context);
    }

    [Fact]
    public void A_dictionary_of_too_many_members_is_given_up_at_the_limit()
    {
        var request = Plain.With("Priority", Repeat("a,b,c,", 20_000));
        Assert.Equal(SignatureStatus.MissingComponent, CoreVerification.Verify(WithComponents(request, "\"priority\";key=\"zz\""), Context));
        Assert.Equal(SignatureStatus.MissingComponent, CoreVerification.Verify(WithComponents(request, "\"priority\";sf"), Context));
    }

    private static SignatureStatus Core(string input, string signature) =>
        CoreVerification.Verify(Plain.With("Signature-Input", input).With("Signature", signature), Context);

    // Signed where there is something to sign, else with a MAC of zeros.
    private static ReferenceRequest Signed(ReferenceRequest request, string component, string parameters)
    {
        try
        {
            return ReferenceSigner.Sign(request, "s", $"{Covered[..^1]} {component}){parameters}", SignedRequest.Keys[0], RegisteredFields.Types);
        }
        catch (RefusalException)
        {
            return WithComponents(request, component);
        }
    }

    private static ReferenceRequest WithComponents(ReferenceRequest request, string component) =>
        (request with { Fields = request.Fields.Where(field => !field.Key.StartsWith("Signature", StringComparison.Ordinal)).ToList() })
        .With("Signature-Input", $"s={Covered[..^1]} {component}){Parameters}")
        .With("Signature", $"s={Mac}");

    private static string Repeat(string pattern, int length) => string.Concat(Enumerable.Repeat(pattern, length / pattern.Length));
}
