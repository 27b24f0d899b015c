using System.Text.Json;
using Signing.Tests.Diagnosis;

namespace Signing.Tool.Tests;

public sealed class ExplainTests : IDisposable
{
    private readonly Folder _folder = new();

    public static TheoryData<string> Names => [.. MismatchCases.All.Select(one => one.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_captured_request_and_its_key_name_the_component_and_the_cause(string name)
    {
        MismatchCase one = MismatchCases.All.Single(one => one.Name == name);
        CapturedMessage sent = one.Sign();
        CapturedMessage received = one.Receive(sent);
        List<string> arguments = ["explain", _folder.Write("captured.http", received.ToHttp()), "--json", "--scheme", received.SchemeText, "--received-at", $"{MismatchCase.Now.ToUnixTimeSeconds()}"];
        arguments.AddRange(one.CalledAddress is { } called ? ["--called", called] : []);
        arguments.AddRange(one.IsFoundByKey ? [] : ["--signed", _folder.Write("signed.txt", MismatchCase.BaseOf(sent))]);

        Run run = await Command.RunAsync([.. arguments], MismatchCase.KeyId, one.GivenSecret);

        Assert.True(run.ExitCode == 1, run.ToString());
        JsonElement difference = Assert.Single(run.Json.GetProperty("differences").EnumerateArray());
        Assert.Equal(one.Component, difference.GetProperty("component").GetString());
        Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(one.Cause.ToString()), difference.GetProperty("cause").GetString());
        Assert.NotEqual("verified", run.Json.GetProperty("status").GetString());
        Assert.Contains(run.Json.GetProperty("steps").EnumerateArray(), step => step.GetProperty("section").GetString() == "RFC 9421 2.5");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Two_signature_bases_name_the_component_and_the_cause_or_say_that_they_are_equal(string name)
    {
        MismatchCase one = MismatchCases.All.Single(one => one.Name == name);
        CapturedMessage sent = one.Sign();
        string signed = _folder.Write("signed.txt", MismatchCase.BaseOf(sent) + "\n");
        string problem = _folder.Write("answer.json", JsonSerializer.Serialize(new Dictionary<string, string> { ["code"] = "invalid_credential", ["signature_base"] = MismatchCase.BaseOf(one.Receive(sent)) }));

        Run run = await Command.RunAsync(["explain", "--signed", signed, "--problem", problem]);

        if (one.IsInBases)
        {
            Assert.Equal((1, ""), (run.ExitCode, run.Error));
            Assert.StartsWith(one.Component + " was signed as ", Assert.Single(run.Output.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(0, run.ExitCode);
            Assert.StartsWith("The bases are equal: the Secret differs, ", run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_key_the_address_that_was_called_is_compared_with_the_one_that_arrived()
    {
        var one = new MismatchCase("called", "", MismatchCause.Unknown) { Sent = new CapturedMessage { Target = "/orders?id=7" } };
        string captured = _folder.Write("captured.http", one.Sign().ToHttp());

        Run differs = await Command.RunAsync(["explain", captured, "--called", "https://shop.example.net/v1/orders?id=7"]);
        Run same = await Command.RunAsync(["explain", captured]);

        Assert.Equal((1, 0), (differs.ExitCode, same.ExitCode));
        Assert.Contains("  \"@authority\" was signed as shop.example.net and seen as ", differs.Output, StringComparison.Ordinal);
        Assert.Contains("  \"@path\" was signed as /v1/orders and seen as /orders: usually a proxy takes the prefix /v1 off", differs.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/caf%C3%A9?x=1", "/caf\u00e9?x=1", "\"@path\"")]
    [InlineData("/a?x=%C3%A9", "/a?x=\u00e9", "\"@query\"")]
    public async Task A_target_that_a_log_shows_decoded_is_named(string sent, string logged, string component)
    {
        var one = new MismatchCase("decoded", "", MismatchCause.PathDecoded) { Sent = new CapturedMessage { Target = sent } };
        CapturedMessage captured = one.Sign() with { Target = logged };

        Run run = await Command.RunAsync(["explain", _folder.Write("captured.http", captured.ToHttp()), "--received-at", "2026-11-21T19:40:01Z", "--json"], MismatchCase.KeyId, MismatchCases.Secret);

        Assert.Equal(1, run.ExitCode);
        JsonElement difference = Assert.Single(run.Json.GetProperty("differences").EnumerateArray());
        Assert.Equal(component, difference.GetProperty("component").GetString());
        Assert.Contains("have to be percent-encoded in a request line", difference.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_step_is_shown_under_its_section_and_no_token_is()
    {
        var one = new MismatchCase("token", "", MismatchCause.Unknown)
        {
            Sent = new CapturedMessage { Target = "/orders?q=a%20b" }.WithContent("text/plain", "tea"u8.ToArray()).With("Authorization", "Bearer canary-of-a-token"),
        };

        Run run = await Command.RunAsync(
            ["explain", _folder.Write("captured.http", one.Sign().ToHttp()), "--received-at", "2026-11-21T19:40:01Z"], MismatchCase.KeyId, MismatchCases.Secret);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        foreach (string line in new[]
        {
            "RFC 9421 4.1    Signature-Input", "RFC 9421 4.2    Signature", "RFC 9421 2.3    Signature parameters", "RFC 9421 2.2.1  \"@method\"", "RFC 9421 2.2.7  \"@query\"",
            "RFC 9421 2.1    \"authorization\"", "RFC 9421 3.3.3  MAC", "RFC 9530 2      Content, 3 bytes", "    \"@query\": ?q=a%20b", "    \"authorization\": (24 characters, not shown)",
            "    (created is 2026-11-21 19:40:00Z)", "Result: verified",
        })
        {
            Assert.Contains(line + "\n", run.Output, StringComparison.Ordinal);
        }

        Assert.Contains("RFC 9421 2.5    Signature base, ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_capture_of_earlier_is_asked_when_it_was_received()
    {
        Run run = await Command.RunAsync(["explain", "-"], MismatchCase.KeyId, MismatchCases.Secret, new MismatchCase("old", "", MismatchCause.Unknown) { ClockOffset = TimeSpan.FromDays(-9) }.Sign().ToHttp());

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("usually", run.Output, StringComparison.Ordinal);
        Assert.Contains("--received-at", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_differences_at_once_are_both_named()
    {
        var one = new MismatchCase("two", "", MismatchCause.Unknown)
        {
            Sent = new CapturedMessage { Target = "/v1/orders?b=1&a=2" },
            Way = static message => message with { Target = "/orders?a=2&b=1" },
        };
        CapturedMessage sent = one.Sign();
        string problem = _folder.Write("answer.json", JsonSerializer.Serialize(new Dictionary<string, string> { ["signature_base"] = MismatchCase.BaseOf(one.Receive(sent)) }));

        Run run = await Command.RunAsync(["explain", _folder.Write("sent.http", sent.ToHttp()), "--problem", problem, "--json"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["path_prefix_stripped", "query_reordered"], run.Json.GetProperty("differences").EnumerateArray().Select(difference => difference.GetProperty("cause").GetString()));
        Assert.Equal(["status", "sentence", "differences", "steps"], run.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["component", "cause", "signed", "seen", "sentence"], run.Json.GetProperty("differences")[0].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Without_a_key_the_steps_are_shown_and_what_a_key_would_add_is_said()
    {
        Run run = await Command.RunAsync(["explain", "-"], new MismatchCase("plain", "", MismatchCause.Unknown).Sign().ToHttp());

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("With the Key and its Secret", run.Output, StringComparison.Ordinal);
        Run unsigned = await Command.RunAsync(["explain", "-"], "GET / HTTP/1.1\nHost: h\n\n"u8.ToArray());
        Assert.Equal(1, unsigned.ExitCode);
        Assert.Contains("carries no signature", unsigned.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_stranger_wrote_does_not_reach_the_terminal_as_it_is()
    {
        Run run = await Command.RunAsync(["explain", "-"], System.Text.Encoding.Latin1.GetBytes("GET / HTTP/1.1\nHost: h\nSignature-Input: sig=\u001b[31m\u009b\nSignature: \u0007\n\n"));

        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain(run.Output, character => char.IsControl(character) && character != '\n');
        Assert.Contains("\\u001b", run.Output, StringComparison.Ordinal);
    }
}
