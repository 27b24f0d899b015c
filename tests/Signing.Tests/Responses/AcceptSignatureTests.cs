using System.Text;
using Microsoft.AspNetCore.Http;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

public sealed class AcceptSignatureTests
{
    private const string Usual = "\"@status\" \"@method\";req \"@authority\";req \"@path\";req \"@query\";req \"content-digest\" \"content-type\"";

    [Theory]
    [InlineData("mine=(\"@status\");created", "mine", Usual)]
    [InlineData("mine=();created;alg=\"hmac-sha256\";keyid=\"key-one\"", "mine", Usual)]
    [InlineData("mine=(\"@status\" \"etag\" \"x-not-there\" \"x-trace\";req);created", "mine", "\"@status\" \"@method\";req \"@authority\";req \"@path\";req \"@query\";req \"x-trace\";req \"content-digest\" \"content-type\" \"etag\"")]
    [InlineData("mine=(\"@status\" \"signature\";req;key=\"sig1\");created", "mine", Usual)]
    [InlineData("other=(\"@status\");keyid=\"key-two\", mine=(\"@status\")", "mine", Usual)]
    [InlineData("other=(\"@status\");alg=\"ed25519\", mine=(\"@status\")", "mine", Usual)]
    [InlineData("other=(\"@status\" \"@method\"), mine=(\"@status\")", "mine", Usual)]
    [Trait("Protocol", "A2")]
    [Trait("Protocol", "A3")]
    public async Task What_is_asked_for_is_added_to_what_the_policy_covers(string accept, string label, string covered)
    {
        await using ApiHost api = await SigningHost.StartAsync(WithTagAsync);
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", accept).With("X-Trace", "abc");

        RawAnswer answer = await api.SendAsync(request);

        AnswerCheck.IsSigned(request, answer, label);
        Assert.Equal($"{covered} \"signature\";req;key=\"sig1\"", string.Join(' ', AnswerCheck.Covered(answer)));
    }

    [Theory]
    [InlineData("mine=(\"@status\");keyid=\"key-two\"")]
    [InlineData("mine=(\"@status\");alg=\"none\"")]
    [InlineData("mine=(\"@status\");nonce=\"abc\"")]
    [InlineData("mine=(\"@status\");expires")]
    [InlineData("mine=(\"@status\");x=1")]
    [InlineData("mine=(\"@status\");tag=1")]
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
        Assert.Equal($"{Usual} \"signature\";req;key=\"sig1\"", string.Join(' ', AnswerCheck.Covered(answer)));
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
    [InlineData(7, "mine")]
    [InlineData(8, "sig")]
    public async Task Of_many_members_the_first_eight_that_may_be_met_are_looked_at(int before, string label)
    {
        await using ApiHost api = await SigningHost.StartAsync();
        string others = string.Concat(Enumerable.Range(0, before).Select(i => $"m{i}=(\"@path\"), n{i}=(\"@status\");alg=\"none\", "));
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", others + "mine=(\"@status\")");

        AnswerCheck.IsSigned(request, await api.SendAsync(request), label);
    }

    [Theory]
    [InlineData(null, "app", "app")]
    [InlineData("server", "app", "server")]
    [InlineData("server", "server", "server")]
    public async Task A_tag_is_given_where_the_policy_has_none(string? own, string asked, string expected)
    {
        await using ApiHost api = await SigningHost.StartAsync(configure: options => options.Policy = new SigningPolicy(MessageKind.Response) { Tag = own });
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", $"sig=(\"@status\");tag=\"{asked}\"");

        RawAnswer answer = await api.SendAsync(request);

        AnswerCheck.IsSigned(request, answer);
        Assert.EndsWith($";tag=\"{expected}\"", answer["Signature-Input"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expires_is_given_where_the_policy_has_a_lifetime()
    {
        await using ApiHost api = await SigningHost.StartAsync(configure: options => options.Policy = new SigningPolicy(MessageKind.Response) { Lifetime = TimeSpan.FromMinutes(1) });
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", "mine=(\"@status\");created;expires");

        RawAnswer answer = await api.SendAsync(request);

        AnswerCheck.IsSigned(request, answer, "mine");
        Assert.Contains(";expires=", answer["Signature-Input"], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Protocol", "A4")]
    public async Task Where_it_is_on_for_those_who_ask_only_they_get_a_signature_and_no_cache_mixes_them_up()
    {
        await using ApiHost api = await SigningHost.StartAsync(configure: options => options.Sign = SignedResponses.WhenAsked);
        RequestDraft asking = api.Draft("POST", "/", Encoding.ASCII.GetBytes("x")).With("Accept-Signature", "sig=(\"@status\")");
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
            RequestDraft request = api.Draft("GET", "/signed").With("Accept-Signature", $"l{i}=(\"@status\")");
            AnswerCheck.IsSigned(request, await api.SendAsync(request), $"l{i}");
        }
    }

    private static Task WithTagAsync(HttpContext context)
    {
        context.Response.Headers.ETag = "\"v1\"";
        return SigningHost.JsonAsync(context);
    }
}
