using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "11")]
public sealed class DuplicateIdentifierTests(Apis apis) : MistakeTests(apis)
{
    private const string Default = "\"@method\" \"@authority\" \"@path\" \"@query\"";

    [Theory]
    [InlineData("\"@method\"")]
    [InlineData("\"@query\"")]
    [InlineData("\"priority\" \"priority\"")]
    [InlineData("\"priority\";bs \"priority\";bs")]
    [InlineData("\"priority\";key=\"u\" \"priority\";key=\"u\"")]
    [InlineData("\"priority\";key=\"u\";sf \"priority\";sf;key=\"u\"")]
    [InlineData("\"@query-param\";name=\"id\" \"@query-param\";name=\"id\"")]
    [Trait("Protocol", "C2")]
    public Task An_identifier_stands_in_the_list_once_in_whatever_order_its_parameters_are(string more) =>
        ProveAsync("malformed_signature_input", draft => Cover(draft, more), static api => Cover(api.Draft().With("Priority", "u=1, i"), ""));

    [Theory]
    [InlineData("\"priority\" \"priority\";sf \"priority\";bs \"priority\";key=\"u\" \"priority\";key=\"i\"")]
    [InlineData("\"priority\";sf;key=\"u\" \"priority\";key=\"u\"")]
    [InlineData("\"priority\";key=\"u\";sf \"priority\";key=\"i\";sf")]
    [InlineData("\"@query-param\";name=\"id\"")]
    [Trait("Protocol", "C2")]
    [Trait("Protocol", "F6")]
    [Trait("Protocol", "F7")]
    [Trait("Protocol", "F8")]
    public async Task Identifiers_that_differ_in_name_or_parameters_are_different(string more)
    {
        foreach (Api api in Apis.Each)
        {
            await api.AcceptsAsync(Cover(api.Draft().With("Priority", "u=1, i"), more));
        }
    }

    [Theory]
    [InlineData("\"@signature-params\"")]
    [InlineData("\"@signature-params\";req")]
    [InlineData("\"@signature-params\";x")]
    [Trait("Protocol", "C3")]
    public Task The_signature_parameters_are_never_a_covered_component(string component) => ProveAsync(
        "malformed_signature_input",
        draft =>
        {
            draft.Covered = $"{Default} {component}";
            draft.Values[component] = $"({Default})";
        });

    private static RequestDraft Cover(RequestDraft draft, string more)
    {
        draft.Covered = $"{Default} {more}".TrimEnd();
        draft.Values["\"priority\""] = "u=1, i";
        draft.Values["\"priority\";sf"] = "u=1, i";
        draft.Values["\"priority\";bs"] = ":dT0xLCBp:";
        draft.Values["\"priority\";key=\"u\""] = "1";
        draft.Values["\"priority\";key=\"i\""] = "?1";
        draft.Values["\"priority\";key=\"u\";sf"] = "1";
        draft.Values["\"priority\";sf;key=\"u\""] = "1";
        draft.Values["\"priority\";key=\"i\";sf"] = "?1";
        draft.Values["\"@query-param\";name=\"id\""] = "7";
        return draft;
    }
}
