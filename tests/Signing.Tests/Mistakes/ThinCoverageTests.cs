using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "3")]
public sealed class ThinCoverageTests(Apis apis) : MistakeTests(apis)
{
    [Fact]
    [Trait("Protocol", "V1")]
    public Task A_signature_that_covers_nothing_proves_nothing() => ProveAsync("insufficient_coverage", draft => draft.Covered = "");

    [Theory]
    [InlineData("\"@method\" ")]
    [InlineData("\"@authority\" ")]
    [InlineData("\"@path\" ")]
    [InlineData(" \"@query\"")]
    [InlineData(" \"content-type\"")]
    [InlineData(" \"content-encoding\"")]
    [InlineData(" \"authorization\"")]
    [InlineData(" \"content-digest\"")]
    [Trait("Protocol", "V1")]
    [Trait("Protocol", "F10")]
    [Trait("Protocol", "G4")]
    public Task Each_component_that_the_policy_wants_is_wanted(string component)
    {
        const string All = "\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\" \"content-type\" \"content-encoding\" \"authorization\"";
        Assert.Contains(component, All, StringComparison.Ordinal);
        return ProveAsync(
            "insufficient_coverage",
            draft => draft.Covered = All.Replace(component, "", StringComparison.Ordinal),
            api =>
            {
                RequestDraft draft = api.Post().With("Content-Type", "text/plain").With("Content-Encoding", "identity").With("Authorization", "Basic bm9ib2R5Og==");
                draft.Covered = All;
                return draft;
            });
    }

    [Fact]
    [Trait("Protocol", "F10")]
    public Task A_second_line_of_a_field_that_has_one_changes_what_is_signed() => ProveAsync(
        "invalid_credential",
        draft =>
        {
            draft.Values["\"content-type\""] = "text/plain";
            draft.With("Content-Type", "text/html");
        },
        api => api.Post().With("Content-Type", "text/plain"));

    [Fact]
    public Task A_content_without_a_digest_is_not_covered_by_anything() =>
        ProveAsync("missing_digest", draft => draft.WithDigest = false, api => api.Post());

    [Theory]
    [InlineData("@target-uri")]
    [InlineData("@scheme")]
    public async Task Another_component_is_no_substitute_unless_it_contains_the_wanted_one(string component)
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft substitute = api.Draft();
            substitute.Covered = $"\"@method\" \"{component}\"";
            if (component == "@target-uri")
            {
                await api.AcceptsAsync(substitute);
                continue;
            }

            await api.RefusesAsync(substitute, "insufficient_coverage");
            RequestDraft addition = api.Draft();
            addition.Covered = $"\"@method\" \"@authority\" \"@path\" \"@query\" \"{component}\"";
            await api.AcceptsAsync(addition);
        }
    }
}
