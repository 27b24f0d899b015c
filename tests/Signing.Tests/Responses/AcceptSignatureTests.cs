using System.Text;
using Microsoft.AspNetCore.Http;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

public sealed class AcceptSignatureTests
{
    private const string Usual = "\"@status\" \"@method\";req \"@authority\";req \"@path\";req \"@query\";req \"content-digest\" \"content-type\"";

    private const string All = Usual + " \"signature\";req;key=\"sig1\"";

    [Theory]
    [InlineData(All)]
    [InlineData("\"content-type\" \"signature\";key=\"sig1\";req \"content-digest\" \"@query\";req \"@path\";req \"@authority\";req \"@method\";req \"@status\"")]
    [InlineData(Usual + " \"etag\" \"signature\";req;key=\"sig1\" \"@scheme\";req \"x-trace\";req")]
    [Trait("Protocol", "A2")]
    [Trait("Protocol", "A3")]
    public async Task What_is_asked_for_is_covered_to_the_letter_where_that_is_no_less_than_the_policy_covers(string components)
    {
        await using ApiHost api = await SigningHost.StartAsync(WithTagAsync);
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", $"mine=({components});created;keyid=\"key-one\";alg=\"hmac-sha256\"").With("X-Trace", "abc");

        RawAnswer answer = await api.SendAsync(request);

        AnswerCheck.HasMac(request, answer, "mine");
        Assert.Equal(components, string.Join(' ', AnswerCheck.Covered(answer)));
    }

    [Fact]
    [Trait("Protocol", "A2")]
    public async Task Every_member_that_can_be_met_is_met_under_its_own_label()
    {
        await using ApiHost api = await SigningHost.StartAsync(WithTagAsync);
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", $"mine=({All}), less=(\"@status\"), sig=({All} \"etag\");tag=\"app\"");

        RawAnswer answer = await api.SendAsync(request);

        string[] inputs = answer.All("Signature-Input");
        string[] signatures = answer.All("Signature");
        Assert.Equal((2, 2), (inputs.Length, signatures.Length));
        for (int i = 0; i < 2; i++)
        {
            var one = new RawAnswer(
                answer.Status, [.. new[] { "Content-Type", "Content-Digest", "ETag" }.Select(name => (name, answer[name]!)), ("Signature-Input", inputs[i]), ("Signature", signatures[i])], answer.Body);
            AnswerCheck.HasMac(request, one, i == 0 ? "mine" : "sig");
            Assert.Equal(i == 0 ? All : All + " \"etag\"", string.Join(' ', AnswerCheck.Covered(one)));
        }

        Assert.EndsWith(";tag=\"app\"", inputs[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mine=(\"@status\");created", "sig", Usual)]
    [InlineData("mine=();created;alg=\"hmac-sha256\";keyid=\"key-one\"", "sig", Usual)]
    [InlineData("sig=();created, sig2=(\"@path\"), sig4=()", "sig3", Usual)]
    [InlineData("mine=(\"@status\" \"etag\" \"x-not-there\" \"x-trace\";req);created", "sig", "\"@status\" \"@method\";req \"@authority\";req \"@path\";req \"@query\";req \"x-trace\";req \"content-digest\" \"content-type\" \"etag\"")]
    [InlineData("mine=(\"@status\" \"signature\";req;key=\"sig1\")", "sig", Usual)]
    [InlineData("mine=(" + Usual + ")", "sig", Usual)]
    [InlineData("mine=(" + Usual + " \"signature\";req;key=\"sig\")", "sig", Usual)]
    [InlineData("mine=(\"@status\" \"@method\";req \"@authority\";req \"@path\";req \"@query\";req \"content-digest\" \"signature\";req;key=\"sig1\")", "sig", Usual)]
    [InlineData("mine=(\"@method\";req \"@authority\";req \"@path\";req \"@query\";req \"content-digest\" \"content-type\" \"signature\";req;key=\"sig1\")", "sig", Usual)]
    [InlineData("mine=(" + All + "), mine=(\"etag\")", "sig", Usual + " \"etag\"")]
    [InlineData("mine=(" + All + " \"x-not-there\")", "sig", Usual)]
    [InlineData("other=(\"@status\");keyid=\"key-two\", mine=(\"etag\")", "sig", Usual + " \"etag\"")]
    [InlineData("other=(\"@status\");alg=\"ed25519\", mine=(\"etag\")", "sig", Usual + " \"etag\"")]
    [InlineData("other=(\"@status\" \"@method\"), mine=(\"etag\")", "sig", Usual + " \"etag\"")]
    [Trait("Protocol", "A2")]
    [Trait("Protocol", "A5")]
    public async Task What_is_less_or_is_not_there_is_added_to_what_the_policy_covers_under_a_label_that_was_not_asked_for(string accept, string label, string covered)
    {
        await using ApiHost api = await SigningHost.StartAsync(WithTagAsync);
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", accept).With("X-Trace", "abc");

        RawAnswer answer = await api.SendAsync(request);

        AnswerCheck.IsSigned(request, answer, label);
        Assert.Equal($"{covered} \"signature\";req;key=\"sig1\"", string.Join(' ', AnswerCheck.Covered(answer)));
    }

    [Fact]
    [Trait("Protocol", "A5")]
    public async Task A_field_that_the_policy_covers_when_it_is_there_cannot_be_left_out_by_asking()
    {
        await using ApiHost api = await SigningHost.StartAsync(context =>
        {
            context.Response.Headers.Location = "/elsewhere";
            return SigningHost.JsonAsync(context);
        });
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", $"mine=({All})");

        RawAnswer answer = await api.SendAsync(request);

        AnswerCheck.IsSigned(request, answer);
        Assert.Contains("\"location\"", AnswerCheck.Covered(answer));
    }

    [Fact]
    [Trait("Protocol", "A2")]
    public async Task An_answer_without_content_has_the_signature_that_it_can_have()
    {
        await using ApiHost api = await SigningHost.StartAsync(context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", $"sig=({All});tag=\"app\"");

        RawAnswer answer = await api.SendAsync(request);

        AnswerCheck.IsSigned(request, answer, "sig2");
        Assert.EndsWith(";tag=\"app\"", answer["Signature-Input"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_signature_field_of_the_request_is_as_good_as_the_label_that_was_verified()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", $"mine=({Usual} \"signature\";req)");

        RawAnswer answer = await api.SendAsync(request);

        AnswerCheck.HasMac(request, answer, "mine");
        Assert.Contains("\"signature\";req", AnswerCheck.Covered(answer));
    }

    [Fact]
    public async Task A_response_that_has_signatures_already_gets_none_under_a_label_that_may_be_taken()
    {
        await using ApiHost api = await SigningHost.StartAsync(context =>
        {
            context.Response.Headers["Signature-Input"] = "mine=(\"@status\")";
            context.Response.Headers["Signature"] = "mine=:AAAA:";
            return SigningHost.JsonAsync(context);
        });
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", $"mine=({All})");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal("mine=(\"@status\")", answer.All("Signature-Input")[0]);
        Assert.StartsWith("sig=(", answer.All("Signature-Input")[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mine=(" + All + ");keyid=\"key-two\"")]
    [InlineData("mine=(" + All + " \"@status\")")]
    [InlineData("mine=(\"@status\");alg=\"none\"")]
    [InlineData("mine=(\"@status\");nonce=\"abc\"")]
    [InlineData("mine=(\"@status\");expires")]
    [InlineData("mine=(\"@status\");x=1")]
    [InlineData("mine=(" + All + ");tag=1")]
    [InlineData("mine=(" + All + ");nonce=\"abc\"")]
    [InlineData("mine=(\"@status\" \"@path\")")]
    [InlineData("mine=(\"@status\" \"x-end\";tr)")]
    [InlineData("mine=(\"@status\" \"@nonsense\";req)")]
    [InlineData("mine=(\"@status\" \"X-Upper\")")]
    [InlineData("mine=(\"@status\" token)")]
    [InlineData("mine=(\"@status\" \"\")")]
    [InlineData("mine=(\"@status\" \"x-absent\";req)")]
    [InlineData("mine=(\"@status\" \"x-a\";req;key=\"b\" \"x-a\";key=\"b\";req)")]
    [InlineData("a-label-of-more-than-thirty-two-characters=(\"@status\")")]
    [InlineData("mine=\"@status\"")]
    [InlineData("mine")]
    [InlineData("mine=(\"@status\"")]
    [InlineData("mine=(\"@status\"),,")]
    [InlineData("=")]
    [InlineData("")]
    [InlineData("\"@status\"")]
    [Trait("Protocol", "A5")]
    public async Task What_cannot_be_met_or_read_gets_what_the_policy_says(string accept)
    {
        await using ApiHost api = await SigningHost.StartAsync();
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", accept);

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal((200, SigningHost.Text), (answer.Status, answer.Text));
        AnswerCheck.IsSigned(request, answer);
        Assert.Equal(All, string.Join(' ', AnswerCheck.Covered(answer)));
    }

    [Fact]
    public async Task More_than_is_read_gets_what_the_policy_says()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        string many = string.Join(", ", Enumerable.Range(0, 300).Select(i => $"m{i}=(\"@status\")"));
        RequestDraft lengthy = api.Draft("GET", "/signed").With("Accept-Signature", many);
        RequestDraft wide = api.Draft("GET", "/signed").With("Accept-Signature", $"mine=({string.Join(' ', Enumerable.Range(0, 40).Select(i => $"\"x-{i}\""))})");

        AnswerCheck.IsSigned(lengthy, await api.SendAsync(lengthy));
        AnswerCheck.IsSigned(wide, await api.SendAsync(wide));
    }

    [Theory]
    [InlineData(3, "mine")]
    [InlineData(4, "sig")]
    public async Task Of_many_members_the_first_four_are_looked_at(int before, string label)
    {
        await using ApiHost api = await SigningHost.StartAsync();
        string others = string.Concat(Enumerable.Range(0, before).Select(i => $"m{i}=(\"@path\"), "));
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", $"{others}mine=({All})");

        AnswerCheck.IsSigned(request, await api.SendAsync(request), label);
    }

    [Theory]
    [InlineData(null, "app", "mine", "app")]
    [InlineData("server", "app", "sig", "server")]
    [InlineData("server", "server", "mine", "server")]
    public async Task A_tag_is_given_where_the_policy_has_none(string? own, string asked, string label, string expected)
    {
        await using ApiHost api = await SigningHost.StartAsync(configure: options => options.Policy = new SigningPolicy(MessageKind.Response) { Tag = own });
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", $"mine=({All});tag=\"{asked}\"");

        RawAnswer answer = await api.SendAsync(request);

        AnswerCheck.IsSigned(request, answer, label);
        Assert.EndsWith($";tag=\"{expected}\"", answer["Signature-Input"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expires_is_given_where_the_policy_has_a_lifetime()
    {
        await using ApiHost api = await SigningHost.StartAsync(configure: options => options.Policy = new SigningPolicy(MessageKind.Response) { Lifetime = TimeSpan.FromMinutes(1) });
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", $"mine=({All});created;expires");

        RawAnswer answer = await api.SendAsync(request);

        AnswerCheck.IsSigned(request, answer, "mine");
        Assert.Contains(";expires=", answer["Signature-Input"], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Protocol", "A4")]
    public async Task Where_it_is_on_for_those_who_ask_only_they_get_a_signature_and_no_cache_mixes_them_up()
    {
        await using ApiHost api = await SigningHost.StartAsync(configure: options => options.Sign = SignedResponses.WhenAsked);
        RequestDraft asking = api.Draft("POST", "/", Encoding.ASCII.GetBytes("x")).With("Accept-Signature", "mine=(\"@status\")");
        RequestDraft askingOther = api.Draft("POST", "/", Encoding.ASCII.GetBytes("x")).With("Accept-Signature", "sig=(\"@status\");keyid=\"key-two\"");

        RawAnswer answer = await api.SendAsync(asking);
        AnswerCheck.IsSigned(asking, answer);
        Assert.Equal("Signature, Accept-Signature", answer["Vary"]);
        AnswerCheck.IsUnsigned(await api.SendAsync(askingOther));
        AnswerCheck.IsUnsigned(await api.SendAsync(api.Draft("POST", "/", Encoding.ASCII.GetBytes("x"))));
    }

    [Fact]
    public async Task Wishes_beyond_those_that_are_remembered_are_met_too()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        for (int i = 0; i < 70; i++)
        {
            RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", $"l{i}=({All})");
            AnswerCheck.IsSigned(request, await api.SendAsync(request), $"l{i}");
        }
    }

    private static Task WithTagAsync(HttpContext context)
    {
        context.Response.Headers.ETag = "\"v1\"";
        return SigningHost.JsonAsync(context);
    }
}
