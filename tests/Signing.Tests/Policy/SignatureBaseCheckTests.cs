using Signing.Tests.Support;

namespace Signing.Tests.Policy;

/// <summary>Whether a message has a base, asked for without one: the answer is that of writing it.</summary>
public sealed class SignatureBaseCheckTests
{
    private const string Parameters = ";created=1;keyid=\"key-one\"";

    private static readonly string[] Components = ["@method", "@authority", "@path", "@query", "@scheme", "@target-uri", "x-a", "x-b", "x-c"];

    private static readonly int Drawn = Effort.Of(4_000);

    [Fact]
    public void The_answer_is_that_of_writing_the_base()
    {
        var answers = new Dictionary<SignatureStatus, int>();
        for (int seed = 0; seed < Drawn; seed++)
        {
            var draw = new Random(seed);
            string list = $"({string.Join(' ', Components.Where(_ => draw.Next(2) == 0).OrderBy(_ => draw.Next()).DefaultIfEmpty("x-a").Select(name => $"\"{name}\""))})";
            var known = ComponentList.TryCreate(list, rules: null)!;
            int length = draw.Next(3) == 0 ? NearTheLimit(draw, known) : draw.Next(2_000);
            string target = draw.Next(8) switch { 0 => "*", 1 => "/p#f", 2 => "/é", _ => "/orders?id=7" };
            var message = new RawRequestView(new RawRequest($"GET {target} HTTP/1.1\r\nHost: api.example{Fields(draw, length)}", []));

            SignatureStatus checkedOnly = SignatureBaseCheck.Check(message, known, list + Parameters);

            var buffer = new BaseBuffer([]);
            SignatureStatus written = SignatureBase.Write(message, known, list + Parameters, ref buffer);
            buffer.Dispose();
            Assert.True(checkedOnly == written, $"{seed}: {checkedOnly} where writing says {written}");
            answers[written] = answers.GetValueOrDefault(written) + 1;
        }

        Assert.Equal([SignatureStatus.Verified, SignatureStatus.TooLarge, SignatureStatus.MissingComponent], answers.Keys.Order());
        Assert.All(answers, answer => Assert.True(answer.Value > Drawn / 200, $"{answer}"));
    }

    // One field that ends a few bytes around the limit, if the rest is as it usually is.
    private static int NearTheLimit(Random draw, ComponentList known) =>
        SignatureLimits.MaxSignatureBaseBytes - known.BytesAround - known.Text.Length - Parameters.Length - draw.Next(60) + 10;

    private static string Fields(Random draw, int length)
    {
        string text = "";
        foreach (string name in (string[])["x-a", "x-b", "x-c"])
        {
            text += draw.Next(6) switch
            {
                0 => "",
                1 => $"\r\n{name}: é",
                2 => $"\r\n{name}: one\r\n{name}: two",
                3 => $"\r\n{name}: {new string('x', length)}",
                4 => $"\r\n{name}: {new string('x', length)}",
                _ => $"\r\n{name}:",
            };
        }

        return text;
    }
}
