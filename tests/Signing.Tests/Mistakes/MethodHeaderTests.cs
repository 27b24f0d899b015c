using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "10")]
public sealed class MethodHeaderTests(Apis apis) : MistakeTests(apis)
{
    [Theory]
    [InlineData("@method", "GET", "\"@method\"")]
    [InlineData("@path", "/orders", "\"@path\"")]
    [InlineData("@query", "?id=7", "\"@query\"")]
    [InlineData("@authority", "api.example", "\"@authority\"")]
    [InlineData("@Method", "GET", "\"@method\"")]
    [Trait("Protocol", "C4")]
    public Task A_header_named_like_a_derived_component_never_feeds_it(string name, string value, string component) => ProveAsync(
        Apis.OverHttp1,
        "invalid_credential",
        draft => draft.Values[component] = value,
        api => api.Draft("DELETE", "/admin?id=8").With(name, value));

    [Fact]
    [Trait("Protocol", "C4")]
    public async Task Over_HTTP_2_such_a_header_never_feeds_it_either()
    {
        foreach (Api api in Apis.OverHttp2Frames)
        {
            RequestDraft lured = api.Draft("DELETE", "/admin?id=8").With("@method", "GET");
            lured.Values["\"@method\""] = "GET";
            await api.RefusesAsync(lured, "invalid_credential");
            await api.AcceptsAsync(api.Draft("DELETE", "/admin?id=8").With("@method", "GET"));
        }
    }

    [Theory]
    [InlineData("\"@status\"", "200")]
    [InlineData("\"@host\"", "x")]
    [InlineData("\"@x-custom\"", "x")]
    [InlineData("\"@METHOD\"", "GET")]
    [InlineData("\"@\"", "x")]
    [InlineData("\"@method \"", "GET")]
    [Trait("Protocol", "C4")]
    [Trait("Protocol", "A3")]
    public Task An_unknown_derived_component_is_no_component_even_if_there_is_such_a_header(string component, string value) => ProveAsync(
        Apis.OverHttp1,
        "unsupported_component",
        draft =>
        {
            draft.Covered = $"\"@method\" \"@authority\" \"@path\" \"@query\" {component}";
            draft.Values[component] = value;
        },
        api =>
        {
            RequestDraft draft = api.Draft();
            string name = component.Trim('"').Trim();
            return name == "@" ? draft : draft.With(name, value);
        });

    [Fact]
    [Trait("Protocol", "C3")]
    public Task A_header_named_signature_params_does_not_replace_the_last_line() => ProveAsync(
        Apis.OverHttp1,
        "invalid_credential",
        draft => draft.SentInput = $"sig1={draft.SignatureParams.Replace(";keyid", ";x=1;keyid", StringComparison.Ordinal)}",
        api =>
        {
            RequestDraft draft = api.Draft();
            draft.Nonce = "n" + Guid.NewGuid();
            return draft.With("@signature-params", draft.SignatureParams);
        });

    [Theory]
    [InlineData("X-HTTP-Method-Override", "GET")]
    [InlineData("X-Method", "GET")]
    public Task An_override_of_the_method_is_not_the_method(string name, string value) => ProveAsync(
        "invalid_credential",
        draft => draft.SignedMethod = value,
        api => api.Draft("DELETE", "/admin").With(name, value));
}
