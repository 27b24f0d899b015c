using System.Text;
using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "19")]
public sealed class CanonicalisationInjectionTests(Apis apis) : MistakeTests(apis)
{
    private const string Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"x-a\"";

    [Theory]
    [InlineData("a\r\n \"@method\": DELETE")]
    [InlineData("a\r\n\t\"@method\": DELETE")]
    [InlineData("a\r\"@method\": DELETE")]
    [InlineData("a\0b")]
    [Trait("Protocol", "F5")]
    public async Task A_line_break_in_a_field_is_no_HTTP(string value)
    {
        foreach (Api api in Apis.EachRaw)
        {
            await api.KeepsOutAsync(() => api.SendAsync(Draft(api, value)));
            await api.AcceptsAsync(Draft(api, "a"));
        }
    }

    [Theory]
    [InlineData("a\n\"@method\": DELETE")]
    [InlineData("a\n \"@method\": DELETE")]
    [Trait("Protocol", "F5")]
    public async Task A_line_break_that_HTTP_2_could_carry_does_not_get_into_the_base(string value)
    {
        foreach (Api api in Apis.OverHttp2Frames)
        {
            await api.KeepsOutAsync(() => api.SendAsync(Draft(api, value)), "missing_component");
            await api.AcceptsAsync(Draft(api, "a"));
        }
    }

    [Theory]
    [InlineData("rm -rf", "rm  -rf")]
    [InlineData("rm  -rf", "rm -rf")]
    [InlineData("rm -rf", "rm\t-rf")]
    [InlineData("a,b", "a, b")]
    [InlineData("a, b", "a,b")]
    [InlineData("a,  b", "a, b")]
    [InlineData("a", "A")]
    [InlineData("\"a\"", "a")]
    [InlineData("a", "")]
    [InlineData("", "a")]
    [Trait("Protocol", "F1")]
    [Trait("Protocol", "F2")]
    public Task A_value_is_not_the_signed_one_unless_every_byte_within_it_is(string signed, string sent) => ProveAsync(
        Apis.EachRaw,
        "invalid_credential",
        draft =>
        {
            draft.Fields[0] = ("X-A", sent);
            draft.Values["\"x-a\""] = signed;
        },
        api => Draft(api, signed));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [Trait("Protocol", "F2")]
    [Trait("Protocol", "C8")]
    public Task An_absent_field_is_not_an_empty_one(string signed) => ProveAsync(
        "missing_component",
        draft =>
        {
            draft.Fields.Clear();
            draft.Values["\"x-a\""] = signed;
        },
        api => Draft(api, ""));

    [Fact]
    [Trait("Protocol", "F1")]
    public Task Lines_of_a_field_have_an_order() => ProveAsync(
        Apis.EachRaw,
        "invalid_credential",
        draft =>
        {
            draft.Values["\"x-a\""] = "1, 2";
            draft.Fields.Reverse();
        },
        api => Draft(api, "1").With("X-A", "2"));

    [Fact]
    [Trait("Protocol", "F1")]
    public Task A_line_more_is_another_value() => ProveAsync(
        "invalid_credential",
        draft =>
        {
            draft.Values["\"x-a\""] = "1";
            draft.With("X-A", "2");
        },
        api => Draft(api, "1"));

    [Theory]
    [InlineData("1, 2")]
    [InlineData("1|2")]
    [Trait("Protocol", "F8")]
    public async Task Wrapped_lines_are_those_that_were_signed_and_not_split_anew(string sent)
    {
        const string Component = "\"x-a\";bs";
        foreach (Api api in Apis.EachRaw)
        {
            RequestDraft draft = api.Draft();
            draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" " + Component;
            Array.ForEach(sent.Split('|'), line => draft.With("X-A", line));
            draft.Values[Component] = sent == "1, 2" ? ":MQ==:, :Mg==:" : ":MSwgMg==:";
            await api.RefusesAsync(draft, "invalid_credential");
            draft.Values[Component] = sent == "1, 2" ? ":MSwgMg==:" : ":MQ==:, :Mg==:";
            await api.AcceptsAsync(draft);
        }
    }

    [Theory]
    [InlineData("caf\u00e9")]
    [InlineData("caf?")]
    [InlineData("caf\ufffd")]
    [InlineData("cafe")]
    [Trait("Protocol", "F4")]
    public async Task A_value_that_is_not_ASCII_is_neither_encoded_nor_replaced(string signed)
    {
        foreach (Api api in Apis.EachRaw)
        {
            RequestDraft draft = Draft(api, "caf\u00e9");
            draft.Values["\"x-a\""] = signed;
            await api.KeepsOutAsync(() => api.SendAsync(draft), "missing_component");

            // Not covered, it is nobody's business.
            await api.AcceptsAsync(api.Draft().With("X-A", "cafe"));
        }
    }

    [Fact]
    [Trait("Protocol", "F4")]
    public async Task A_value_in_Latin_1_is_no_HTTP_here()
    {
        foreach (Api api in Apis.OverHttp1)
        {
            byte[] request = Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(Draft(api, "caf\u00e9").ToHttp1()));
            await api.KeepsOutAsync(() => api.Host.SendAsync(request), "missing_component");
        }
    }

    [Theory]
    [InlineData("a: b\" \"@method\": DELETE")]
    [InlineData("\"@signature-params\": ();created=1")]
    [InlineData("a\\nb\\\"")]
    [InlineData("a\tb")]
    [InlineData(",, ,")]
    [InlineData("~!@#$%^&*()_+`-={}|[]:;'<>?,./")]
    [Trait("Protocol", "F1")]
    public async Task A_value_may_say_anything_on_its_one_line(string value)
    {
        foreach (Api api in Apis.Each)
        {
            await api.AcceptsAsync(Draft(api, value));
        }
    }

    [Theory]
    [InlineData("x-a\": 1\n\"x-b")]
    [InlineData("x a")]
    [InlineData("x-a\": 1")]
    [Trait("Protocol", "F5")]
    public Task A_component_name_cannot_forge_a_line(string name) => ProveAsync(
        Apis.OverHttp1,
        name.Contains('\n', StringComparison.Ordinal) ? "malformed_signature_input" : "unsupported_component",
        draft =>
        {
            string escaped = name.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            draft.SentInput = $"sig1={draft.SignatureParams.Replace("\"x-a\"", $"\"{escaped}\"", StringComparison.Ordinal)}";
            draft.SentSignature = $"sig1=:{draft.Mac()}:";
        },
        api => Draft(api, "1"));

    private static RequestDraft Draft(Api api, string value)
    {
        RequestDraft draft = api.Draft().With("X-A", value);
        draft.Covered = Covered;
        return draft;
    }
}
