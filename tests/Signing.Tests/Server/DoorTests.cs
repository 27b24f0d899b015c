using Signing.Tests.Support;

namespace Signing.Tests.Server;

public sealed class DoorTests
{
    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_signed_request_reaches_the_endpoint_as_its_key(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);

        RawAnswer answer = await host.SendAsync(host.Draft("GET", "/orders?id=7"));

        Assert.Equal((200, ApiHost.Key), (answer.Status, answer.User));
        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task An_unsigned_request_is_asked_for_a_signature(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        RequestDraft draft = host.Draft();
        draft.Signed = false;

        RawAnswer answer = await host.SendAsync(draft);

        Assert.Equal((401, "missing_signature"), (answer.Status, answer.Code));
        Assert.Equal(0, host.Calls);
        Assert.Empty(host.Log.Alarms);
    }
}
