using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Signing.Tests.Diagnosis;
using Signing.Tests.Support;

namespace Signing.Tests.Fuzz;

/// <summary>What another party wrote, a signature base or a captured request, is explained or refused, and never breaks whoever asks.</summary>
public sealed class DiagnosisFuzzTests
{
    private const string Token = "t0k3nt0k3n";

    private static readonly string[] Components =
    [
        "\"@method\"", "\"@authority\"", "\"@path\"", "\"@query\"", "\"@scheme\"", "\"@target-uri\"", "\"@request-target\"", "\"@status\"", "\"@query-param\";name=\"a\"",
        "\"content-digest\"", "\"content-type\"", "\"content-encoding\"", "\"date\"", "\"x-a\";sf", "\"x-b\";key=\"c\"", "\"@path\";req", "\"\"", "\"a\\\"b\"",
    ];

    private static readonly string[] Values =
    [
        "GET", "api.example.com:443", "[::1]:8080", "/a%2Fb/../c//d", "?a=1&b=%20+&a=1", "https://h/p?q", "://", "*", "", "?", "/", "sha-256=:AAAA:, md5=:AA==:", "text/plain;charset=utf-8, \"a, b\"",
        "Sat, 21 Nov 2026 19:40:00 GMT", "(\"@path\";a;b=1 \"x\");created=1;keyid=\"k\"", "(3 characters, not shown)", "( characters, not shown)", "200",
    ];

    [Fact]
    public void Two_texts_are_compared_or_refused_as_no_signature_base_and_no_token_is_shown()
    {
        var compared = 0;
        var cases = Effort.Of(20_000);
        for (var seed = 0; seed < cases; seed++)
        {
            var draw = new Draw(seed);
            var signed = draw.MutateSometimes(Base(draw), 3);
            var seen = draw.OneIn(2) ? draw.MutateSometimes(signed, 2) : draw.MutateSometimes(Base(draw), 3);
            compared += Compare(seed, signed, seen) ? 1 : 0;
        }

        Assert.InRange(compared, cases / 10, cases * 9 / 10);
    }

    [Fact]
    public void A_captured_request_is_judged_whatever_is_in_it()
    {
        for (var seed = 0; seed < Effort.Of(4_000); seed++)
        {
            var draw = new Draw(seed);
            var one = new MismatchCase("fuzz", "", MismatchCause.Unknown) { Sent = new CapturedMessage { Target = draw.Of("/", "/a/b?c=d&e", "*", "https://h/p?q") }, Covered = draw.Of<string[]>(["@method", "@path"], ["@authority", "@query"], ["@request-target"], ["@target-uri", "@scheme"]) };
            var sent = one.Sign();
            var captured = Mutated(draw, sent);
            var circumstances = new RequestCircumstances { ReceivedAt = MismatchCase.Now, CalledAddress = draw.Of(null, "", "/", "https://api.example.com/v1?x", "://") };
            try
            {
                RequestDiagnosis.Diagnose(captured, captured.Content, MismatchCase.KeyId, MismatchCases.Secret, circumstances);
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}: {exception}\n{Encoding.Latin1.GetString(captured.ToHttp())}");
            }
        }
    }

    [Theory]
    [InlineData("created", -999_999_999_999_999)]
    [InlineData("created", 999_999_999_999_999)]
    [InlineData("created", 0)]
    [InlineData("expires", -999_999_999_999_999)]
    [InlineData("expires", 999_999_999_999_999)]
    public void Times_that_no_calendar_has_are_judged(string parameter, long seconds)
    {
        var sent = new MismatchCase("times", "", MismatchCause.ClockOff).Sign();
        var created = parameter == "created" ? seconds : MismatchCase.Now.ToUnixTimeSeconds();
        var captured = sent.With("Signature-Input", $"sig=(\"@method\");created={created}{(parameter == "expires" ? $";expires={seconds}" : "")};keyid=\"{MismatchCase.KeyId}\"");

        var diagnosis = RequestDiagnosis.Diagnose(captured, [], MismatchCase.KeyId, MismatchCases.Secret, new RequestCircumstances { ReceivedAt = MismatchCase.Now });

        Assert.NotEqual(SignatureStatus.Verified, diagnosis.Status);
    }

    [Theory]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("\"\\ud800\\ud800\"")]
    public void JSON_that_is_no_text_of_Unicode_is_judged(string json)
    {
        var sent = (new MismatchCase("json", "", MismatchCause.ContentChanged) { Sent = new CapturedMessage().WithContent("application/json", "{}"u8.ToArray()), Covered = ["@method", "@authority", "@path", "@query", "content-digest", "content-type"] }).Sign();

        var diagnosis = RequestDiagnosis.Diagnose(sent, Encoding.ASCII.GetBytes(json), MismatchCase.KeyId, MismatchCases.Secret, new RequestCircumstances { ReceivedAt = MismatchCase.Now });

        Assert.Equal(SignatureStatus.DigestMismatch, diagnosis.Status);
    }

    [Fact]
    public void A_path_that_was_signed_decoded_with_a_line_end_in_it_is_judged()
    {
        var text = $"(\"@path\");created={MismatchCase.Now.ToUnixTimeSeconds()};keyid=\"{MismatchCase.KeyId}\"";
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(MismatchCases.Secret), Encoding.UTF8.GetBytes($"\"@path\": /a\nb\n\"@signature-params\": {text}"));
        var captured = new CapturedMessage { Target = "/a%0Ab" }.With("Signature-Input", "sig=" + text).With("Signature", $"sig=:{Convert.ToBase64String(mac)}:");

        var diagnosis = RequestDiagnosis.Diagnose(captured, [], MismatchCase.KeyId, MismatchCases.Secret, new RequestCircumstances { ReceivedAt = MismatchCase.Now });

        Assert.Contains(diagnosis.Differences, difference => difference.Cause == MismatchCause.WrongSecret);
    }

    [Fact]
    public void What_is_tried_does_not_grow_with_the_square_of_what_was_sent()
    {
        var many = string.Join(',', Enumerable.Range(0, 3000).Select(i => $"host=h{i}:{i}"));
        var alternatives = new BaseAlternatives(new CalledTarget(null), name => name is "forwarded" ? [many] : []);
        var deep = $"{new string('[', 60)}{string.Join(',', Enumerable.Repeat('1', 100_000))}{new string(']', 60)}";
        using var json = JsonDocument.Parse(deep);

        Assert.InRange(alternatives.Of("\"@authority\"", "a").Count, 16, 1000);
        Assert.All(JsonForms.Of(json.RootElement), form => Assert.InRange(form.Length, 1, 2 * 1024 * 1024));
    }

    private static bool Compare(int seed, string signed, string seen)
    {
        try
        {
            foreach (var difference in SignatureBaseComparison.Compare(signed, seen))
            {
                Assert.False(difference.Sentence.AsSpan().ContainsAnyExceptInRange(' ', '~'), $"seed {seed}: {difference.Sentence}");
                Assert.False(difference.Component == "\"authorization\"" && $"{difference}{difference.Signed}{difference.Seen}".Contains(Token, StringComparison.Ordinal), $"seed {seed}: {difference}");
            }

            return true;
        }
        catch (FormatException)
        {
            return false;
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.IAssertionException)
        {
            Assert.Fail($"seed {seed}: {exception}\n{signed}\n--\n{seen}");
            return false;
        }
    }

    private static string Base(Draw draw)
    {
        var lines = Enumerable.Range(0, draw.Below(6)).Select(_ => $"{draw.Of<string>(Components)}: {draw.MutateSometimes(draw.Of<string>(Values), 3)}\n").Distinct(StringComparer.Ordinal);
        return $"{string.Concat(lines)}\"authorization\": Bearer {Token}{draw.Below(9)}\n\"@signature-params\": {draw.MutateSometimes("(\"@method\";a \"@path\");created=1;nonce=\"n\";keyid=\"k\"", 3)}";
    }

    private static CapturedMessage Mutated(Draw draw, CapturedMessage sent)
    {
        var captured = sent with
        {
            MethodText = draw.MutateSometimes(sent.MethodText, 8),
            AuthorityText = draw.MutateSometimes(sent.AuthorityText, 8),
            Target = draw.MutateSometimes(sent.Target, 8),
            Fields = [.. sent.Fields.Select(field => (field.Name, draw.MutateSometimes(field.Value, 2)))],
            Content = draw.OneIn(2) ? [] : Encoding.UTF8.GetBytes(draw.MutateSometimes(draw.Of("{\"a\":[1,\"\\u00e9\"]}", "a=b&c=d", "\u001f\u008b\b"), 2)),
        };
        captured = draw.OneIn(3) ? captured.With("Content-Digest", draw.Of("sha-256=:AAAA:", "md5", "", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")) : captured;
        return draw.OneIn(3) ? captured.With("X-Forwarded-Host", draw.Of("a", "", ":", "[", "h:1, b")).With("Forwarded", draw.Of("host=", "host=\"x\";host=:", ",")).With("X-Original-URL", draw.Of("", "?", "://")) : captured;
    }
}
