using System.Net;
using System.Text.Json;
using Signing.Interop.Tests.Support;

namespace Signing.Interop.Tests.Matrix;

[Collection(nameof(Wiring))]
public sealed class MatrixTests(Wiring wiring)
{
    public static TheoryData<string, string, Way> Cells => Select(static _ => true);

    public static TheoryData<string, string, Way> Possible => Select(static entry => entry is null);

    public static TheoryData<string, string, Way> Listed => Select(static entry => entry is not null);

    [Theory]
    [MemberData(nameof(Possible))]
    public async Task What_one_side_signs_the_other_accepts(string pair, string message, Way way)
    {
        (Pair between, Message sent) = Find(pair, message);

        Verdict verdict = await wiring.SendAsync(between, sent with { Tampering = [] }, way);

        Assert.Equal((200, between.WeSign ? "verified" : $"{OurServer.Key} sent {sent.Body}"), (verdict.Status, verdict.Text));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_tampered_twin_is_refused(string pair, string message, Way way)
    {
        (Pair between, Message sent) = Find(pair, message);
        Message twin = sent.Twin();

        Verdict verdict = await wiring.SendAsync(between, twin, way);

        Assert.Equal(twin.Tampering.Length, verdict.Replaced);
        Assert.Equal((int)HttpStatusCode.Unauthorized, verdict.Status);
        Assert.Equal(between.WeSign ? twin.TwinsReason : twin.TwinsCode, between.WeSign ? verdict.Text : Code(verdict));
    }

    [Theory]
    [MemberData(nameof(Listed))]
    public async Task What_is_listed_as_impossible_is_so_still(string pair, string message, Way way)
    {
        (Pair between, Message sent) = Find(pair, message);

        Verdict verdict = await wiring.SendAsync(between, sent with { Tampering = [] }, way);

        Assert.Equal((int)HttpStatusCode.Unauthorized, verdict.Status);
        Assert.Equal(between.WeSign ? "the signature is another one" : "invalid_credential", between.WeSign ? verdict.Text : Code(verdict));
    }

    [Theory]
    [InlineData("%C3%A9", "%c3%a9", Way.NginxRewriting, 401)]
    [InlineData("%C3%A9", "%c3%a9", Way.NginxStripping, 200)]
    [InlineData("/caf", "/x/../caf", Way.NginxRewriting, 401)]
    [InlineData("/caf", "/x/../caf", Way.NginxStripping, 200)]
    public async Task A_spelling_that_the_gateway_writes_anew_never_reaches_the_server(string from, string to, Way way, int status)
    {
        Message sent = Message.All.Single(message => message.Name == "encoded path");

        Verdict verdict = await wiring.SendAsync(Pair.All[0], sent with { Tampering = [(from, to)] }, way);

        Assert.Equal((status, 1), (verdict.Status, verdict.Replaced));
    }

    private static string? Code(Verdict verdict) => JsonDocument.Parse(verdict.Text).RootElement.GetProperty("code").GetString();

    private static TheoryData<string, string, Way> Select(Predicate<Impossible?> choose)
    {
        var cells = new TheoryData<string, string, Way>();
        cells.AddRange(from pair in Pair.All
                       from message in Message.All
                       from way in Enum.GetValues<Way>()
                       where choose(Impossible.Find(pair, message, way))
                       select new TheoryDataRow<string, string, Way>(pair.Name, message.Name, way));
        return cells;
    }

    private static (Pair Pair, Message Message) Find(string pair, string message) =>
        (Pair.All.Single(one => one.Name == pair), Message.All.Single(one => one.Name == message));
}
