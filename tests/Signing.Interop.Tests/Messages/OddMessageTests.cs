using System.Text.Json;
using Signing.Interop.Tests.Support;
using Signing.Tests.Fuzz;

namespace Signing.Interop.Tests.Messages;

/// <summary>Our core and the libraries on thousands of messages from fixed seeds, without a connection.</summary>
public sealed class OddMessageTests
{
    private const int Cases = 3_000;

    private static readonly OddMessage Plain = new("GET", "https", "api.example.com", "/?a=1", [], ["@method"]);

    [Theory]
    [InlineData("http-message-signatures")]
    [InlineData("http-message-sig")]
    public async Task Of_whatever_both_can_sign_each_verifies_what_the_other_signed(string name)
    {
        await using JsonLines library = JsonLines.Start(name);

        bool[] exchanged = await Task.WhenAll(Enumerable.Range(0, Cases).Select(seed => ExchangeAsync(library, seed)));

        Assert.InRange(exchanged.Count(static both => both), Cases / 3, Cases);
    }

    [Theory]
    [InlineData("http-message-signatures")]
    [InlineData("http-message-sig")]
    public async Task Of_whatever_answer_both_can_sign_each_verifies_what_the_other_signed(string name)
    {
        await using JsonLines library = JsonLines.Start(name);

        bool[] exchanged = await Task.WhenAll(Enumerable.Range(0, Cases).Select(seed => ExchangeAnswersAsync(library, seed)));

        Assert.InRange(exchanged.Count(static both => both), Cases / 3, Cases);
    }

    [Theory]
    [InlineData("http-message-signatures")]
    [InlineData("http-message-sig")]
    public async Task An_answer_that_was_signed_for_another_request_or_another_status_is_refused_by_either_side(string name)
    {
        await using JsonLines library = JsonLines.Start(name);
        OddMessage request = OurCore.Sign(Plain)!;
        var answer = new OddAnswer(request, 200, [], ["@status", "\"@method\";req", "\"signature\";req;key=\"sig\""]);
        OddAnswer ours = OurCore.Sign(answer)!;
        OddAnswer theirs = (await SignAsync(library, answer))!;

        foreach (Func<OddAnswer, OddAnswer> change in (Func<OddAnswer, OddAnswer>[])[signed => signed with { Status = 201 }, signed => signed with { Request = OurCore.Sign(Plain)! }])
        {
            Assert.Equal(SignatureStatus.InvalidCredential, OurCore.Verify(change(theirs)));
            Assert.False((await library.AskAsync(change(ours).Job("verify"))).GetProperty("verified").GetBoolean());
        }

        Assert.Equal(SignatureStatus.Verified, OurCore.Verify(theirs));
        Assert.True((await library.AskAsync(ours.Job("verify"))).GetProperty("verified").GetBoolean());
    }

    // RFC 9421 §2.2.8: of a query parameter everything but letters, digits and *-._ is percent-encoded, and one that is there twice must not be covered.
    // RFC 9421 §2.5 step 4: a base that is not ASCII is an error.
    [Theory]
    [InlineData("/?a=~", "", "\"@query-param\";name=\"a\"", SignatureStatus.InvalidCredential)]
    [InlineData("/?a=1&a=2", "", "\"@query-param\";name=\"a\"", SignatureStatus.MissingComponent)]
    [InlineData("/", "café", "x-a", SignatureStatus.MissingComponent)]
    public async Task These_components_http_message_signatures_still_signs_in_a_way_of_its_own(string target, string value, string component, SignatureStatus ours)
    {
        await using JsonLines library = JsonLines.Start("http-message-signatures");

        OddMessage? signed = await SignAsync(library, Plain with { Target = target, Fields = [("X-A", value)], Covered = ["@method", component] });

        Assert.Equal(ours, OurCore.Verify(signed!));
    }

    [Theory]
    [InlineData("\"@query-param\";name=\"a\"")]
    [InlineData("\"x-a\";sf")]
    [InlineData("\"x-a\";bs")]
    public async Task These_components_http_message_sig_still_does_not_know(string component)
    {
        await using JsonLines library = JsonLines.Start("http-message-sig");

        Assert.Null(await SignAsync(library, Plain with { Fields = [("X-A", "1")], Covered = ["@method", component] }));
    }

    // True if both could sign.
    private static async Task<bool> ExchangeAsync(JsonLines library, int seed)
    {
        OddMessage message = new RandomMessage(new Draw(seed)).Generate();
        if (OurCore.Sign(message) is not { } ours || await SignAsync(library, message) is not { } theirs)
        {
            return false;
        }

        Assert.True(OurCore.Verify(theirs) == SignatureStatus.Verified, $"Seed {seed}: we refuse {theirs}");
        JsonElement verdict = await library.AskAsync(ours.Job("verify"));
        Assert.True(verdict.TryGetProperty("verified", out JsonElement verified) && verified.GetBoolean(), $"Seed {seed}: they refuse {ours}: {verdict}");
        return true;
    }

    // True if both could sign.
    private static async Task<bool> ExchangeAnswersAsync(JsonLines library, int seed)
    {
        var random = new RandomMessage(new Draw(seed));
        if (OurCore.Sign(random.Generate()) is not { } request)
        {
            return false;
        }

        OddAnswer answer = random.Answer(request);
        if (OurCore.Sign(answer) is not { } ours || await SignAsync(library, answer) is not { } theirs)
        {
            return false;
        }

        Assert.True(OurCore.Verify(theirs) == SignatureStatus.Verified, $"Seed {seed}: we refuse {theirs}");
        JsonElement verdict = await library.AskAsync(ours.Job("verify"));
        Assert.True(verdict.TryGetProperty("verified", out JsonElement verified) && verified.GetBoolean(), $"Seed {seed}: they refuse {ours}: {verdict}");
        return true;
    }

    private static async Task<OddAnswer?> SignAsync(JsonLines library, OddAnswer answer)
    {
        JsonElement signed = await library.AskAsync(answer.Job("sign"));
        return signed.TryGetProperty("fields", out JsonElement fields)
            ? answer.With(fields.EnumerateArray().Select(field => (field[0].GetString()!, field[1].GetString()!)))
            : null;
    }

    private static async Task<OddMessage?> SignAsync(JsonLines library, OddMessage message)
    {
        JsonElement answer = await library.AskAsync(message.Job("sign"));
        return answer.TryGetProperty("fields", out JsonElement fields)
            ? message.With(fields.EnumerateArray().Select(field => (field[0].GetString()!, field[1].GetString()!)))
            : null;
    }
}
