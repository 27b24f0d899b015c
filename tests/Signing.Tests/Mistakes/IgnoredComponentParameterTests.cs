using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "12")]
public sealed class IgnoredComponentParameterTests(Apis apis, IgnoredComponentParameterTests.StructuredApis structured)
    : MistakeTests(apis), IClassFixture<IgnoredComponentParameterTests.StructuredApis>
{
    private const string Default = "\"@method\" \"@authority\" \"@path\" \"@query\"";

    [Theory]
    [InlineData("\"priority\";x")]
    [InlineData("\"priority\";x=1")]
    [InlineData("\"priority\";SF", "malformed_signature_input")]
    [InlineData("\"priority\";bs;sf")]
    [InlineData("\"priority\";sf;bs")]
    [InlineData("\"priority\";bs;key=\"u\"")]
    [InlineData("\"priority\";sf=?0")]
    [InlineData("\"priority\";sf=1")]
    [InlineData("\"priority\";sf=\"\"")]
    [InlineData("\"priority\";sf=true")]
    [InlineData("\"priority\";bs=?0")]
    [InlineData("\"priority\";bs=:AQ==:")]
    [InlineData("\"priority\";tr")]
    [InlineData("\"priority\";tr=?0")]
    [InlineData("\"priority\";req")]
    [InlineData("\"priority\";req=?0")]
    [InlineData("\"priority\";key")]
    [InlineData("\"priority\";key=u")]
    [InlineData("\"priority\";key=1")]
    [InlineData("\"priority\";key=%\"u\"")]
    [InlineData("\"priority\";name=\"u\"")]
    [InlineData("\"@path\";sf")]
    [InlineData("\"@path\";bs")]
    [InlineData("\"@path\";key=\"u\"")]
    [InlineData("\"@path\";name=\"u\"")]
    [InlineData("\"@path\";tr")]
    [InlineData("\"@path\";x")]
    [InlineData("\"@query-param\"")]
    [InlineData("\"@query-param\";name")]
    [InlineData("\"@query-param\";name=id")]
    [InlineData("\"@query-param\";name=\"id\";sf")]
    [InlineData("\"@query-param\";name=\"id\";x")]
    [Trait("Protocol", "C5")]
    public Task A_parameter_that_is_unknown_or_does_not_apply_is_not_ignored(string component, string code = "unsupported_component") =>
        ProveAsync(code, draft => Cover(draft, component), Priority);

    [Theory]
    [InlineData("\"priority\";sf;sf")]
    [InlineData("\"priority\";key=\"u\";key=\"i\"")]
    [InlineData("\"@query-param\";name=\"id\";name=\"no\"")]
    [Trait("Protocol", "C5")]
    public async Task A_parameter_that_stands_twice_is_not_the_last_one(string component)
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft draft = Cover(Priority(api), component);
            RawAnswer answer = await api.SendAsync(draft);
            Assert.Equal(401, answer.Status);
            Assert.True(answer.Code is "malformed_signature_input" or "unsupported_component", answer.ToString());
            await api.AcceptsAsync(Priority(api));
        }
    }

    [Theory]
    [InlineData("\"Priority\"")]
    [InlineData("\"PRIORITY\"")]
    [InlineData("\"priority \"")]
    [InlineData("\" priority\"")]
    [InlineData("\"pri:ority\"")]
    [InlineData("\"\"")]
    [Trait("Protocol", "C1")]
    public Task A_field_name_that_is_not_in_lower_case_is_none(string component) => ProveAsync(
        "unsupported_component",
        draft =>
        {
            draft.SentInput = $"sig1=({Default} {component}){draft.SignatureParams[(Default.Length + 2)..]}";
            draft.SentSignature = $"sig1=:{draft.Mac()}:";
        },
        Priority);

    [Theory]
    [InlineData("priority")]
    [InlineData("?1")]
    [InlineData("1")]
    [InlineData(":cHJpb3JpdHk=:")]
    [InlineData("@1618884473")]
    [InlineData("%\"priority\"")]
    [Trait("Protocol", "C6")]
    public Task An_identifier_that_is_no_string_is_refused(string component) =>
        ProveAsync("malformed_signature_input", draft => Cover(draft, component), Priority);

    [Theory]
    [InlineData("\"x-free\";sf", "unsupported_component")]
    [InlineData("\"x-free\";key=\"a\"", "unsupported_component")]
    [InlineData("\"x-list\";key=\"a\"", "unsupported_component")]
    [InlineData("\"x-dict\";key=\"no\"", "missing_component")]
    [InlineData("\"x-dict\";key=\"A\"", "missing_component")]
    [InlineData("\"x-bad\";sf", "missing_component")]
    [InlineData("\"x-bad\";key=\"a\"", "missing_component")]
    [Trait("Protocol", "F6")]
    [Trait("Protocol", "F7")]
    [Trait("Protocol", "C8")]
    public async Task A_structured_value_needs_a_field_of_known_type_that_has_it(string component, string code)
    {
        foreach (Api api in structured.Each)
        {
            await api.RefusesAsync(Cover(Structured(api), component), code);
            await api.AcceptsAsync(Structured(api));
        }
    }

    [Theory]
    [InlineData("\"x-dict\";sf", "a=1;x;y=2, b=(1 \"z\");q=0.5, d, e=?0")]
    [InlineData("\"x-dict\";key=\"a\"", "1;x;y=2")]
    [InlineData("\"x-dict\";key=\"b\"", "(1 \"z\");q=0.5")]
    [InlineData("\"x-dict\";key=\"d\"", "?1")]
    [InlineData("\"x-dict\";key=\"e\"", "?0")]
    [InlineData("\"x-list\";sf", "1, tok, (2 3)")]
    [InlineData("\"x-dict\";bs", ":YT0xOyB4O3k9MiwgICBiPSggMSAgInoiICk7cT0wLjUw:, :ZCwgZT0/MA==:")]
    [Trait("Protocol", "F1")]
    [Trait("Protocol", "F6")]
    [Trait("Protocol", "F7")]
    [Trait("Protocol", "F8")]
    public async Task A_structured_value_is_written_strictly_and_by_member_without_its_key(string component, string value)
    {
        // In raw bytes, so that the lines arrive as they were written.
        foreach (Api api in structured.EachRaw)
        {
            RequestDraft draft = Cover(Structured(api), component);
            draft.Values[component] = value;
            await api.AcceptsAsync(draft);
            RequestDraft loose = Cover(Structured(api), component);
            loose.Values[component] = " " + value;
            await api.RefusesAsync(loose, "invalid_credential");
        }
    }

    private static RequestDraft Structured(Api api) => api.Draft()
        .With("X-Dict", "a=1; x;y=2,   b=( 1  \"z\" );q=0.50").With("X-Dict", "d, e=?0")
        .With("X-List", "1,tok,  (2   3)").With("X-Bad", "a=1,").With("X-Free", "a=1");

    private static RequestDraft Priority(Api api) => api.Draft().With("Priority", "u=1, i");

    private static RequestDraft Cover(RequestDraft draft, string component)
    {
        draft.Covered = $"{Default} {component}";
        draft.Values[component] = "1";
        return draft;
    }

    /// <summary>APIs that know the types of some fields.</summary>
    public sealed class StructuredApis() : Apis(new VerificationPolicy
    {
        FieldTypes = new Dictionary<string, FieldType>(StringComparer.Ordinal)
        {
            ["x-dict"] = FieldType.Dictionary,
            ["x-list"] = FieldType.List,
            ["x-bad"] = FieldType.Dictionary,
        },
    });
}
