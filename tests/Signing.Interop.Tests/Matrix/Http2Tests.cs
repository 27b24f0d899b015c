using Signing.Interop.Tests.Support;

namespace Signing.Interop.Tests.Matrix;

[Collection(nameof(Wiring))]
public sealed class Http2Tests(Wiring wiring)
{
    public static TheoryData<string, Way> Cells()
    {
        var cells = new TheoryData<string, Way>();
        cells.AddRange(from message in Message.All
                       from way in Enum.GetValues<Way>()
                       where way != Way.Direct && Impossible.Find(Pair.All[0], message, way) is null
                       select new TheoryDataRow<string, Way>(message.Name, way));
        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task What_our_client_signs_over_HTTP_2_our_server_accepts_behind_a_gateway(string name, Way way)
    {
        Message message = Message.All.Single(one => one.Name == name);

        Verdict verdict = await wiring.SendOverHttp2Async(message with { Tampering = [] }, way);

        Assert.Equal((200, $"{OurServer.Key} sent {message.Body}"), (verdict.Status, verdict.Text));
    }
}
