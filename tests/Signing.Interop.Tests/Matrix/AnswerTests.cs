namespace Signing.Interop.Tests.Matrix;

[Collection(nameof(Wiring))]
public sealed class AnswerTests(Wiring wiring)
{
    public static TheoryData<string, string, Way> Cells => MatrixTests.Possible;

    public static TheoryData<string, Way> Twins()
    {
        var twins = new TheoryData<string, Way>();
        twins.AddRange(from pair in Pair.All
                       from way in Enum.GetValues<Way>()
                       select new TheoryDataRow<string, Way>(pair.Name, way));
        return twins;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task The_signed_answer_is_accepted_by_the_side_that_asked(string pair, string message, Way way)
    {
        Message sent = Message.All.Single(one => one.Name == message);

        Verdict verdict = await wiring.ExchangeAsync(Pair.All.Single(one => one.Name == pair), sent with { Tampering = [] }, way);

        Assert.Equal((200, "verified"), (verdict.Status, verdict.Answer));
    }

    [Theory]
    [MemberData(nameof(Twins))]
    public async Task An_answer_whose_status_was_changed_is_refused(string pair, Way way)
    {
        Message sent = Message.All.Single(message => message.Name == "JSON");

        Verdict verdict = await wiring.ExchangeAsync(Pair.All.Single(one => one.Name == pair), sent with { Tampering = [] }, way, answerStatus: 203);

        Assert.Equal("the signature is another one", verdict.Answer);
    }
}
