using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>The time that <c>UseRequestTimeouts</c> gives a request ends the wait for its content at our doors, too.</summary>
public sealed class RequestTimeoutTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(Door.Scheme, null, true)]
    [InlineData(Door.Scheme, 5, true)]
    [InlineData(Door.Scheme, 5, false)]
    [InlineData(Door.Middleware, null, true)]
    [InlineData(Door.Middleware, 5, true)]
    [InlineData(Door.Middleware, 5, false)]
    public async Task A_content_that_does_not_come_in_time_is_answered_504_and_burns_nothing(Door door, int? chunk, bool digest)
    {
        await using ApiHost host = await StartAsync(door);
        RequestDraft draft = host.Draft("POST", "/echo", digest ? "some content"u8.ToArray() : []);
        draft.ChunkBytes = chunk;
        draft.WithDigest = digest;
        byte[] message = draft.ToHttp1();
        await using RawHttp connection = await RawHttp.ConnectAsync(host.Port);

        // Without a digest it waits for the last chunk, which shows that there is nothing.
        await connection.SendAsync(message[..^4]);
        RawAnswer late = await connection.ReadAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        RawAnswer again = await host.SendAsync(message);

        Assert.Equal((504, 200), (late.Status, again.Status));
        Assert.Equal(1, host.Calls);
        Assert.Equal(["RequestTimeoutsMiddleware"], host.Log.Alarms.Select(line => line.Category.Split('.')[^1]));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_connection_goes_on_behind_it(Door door)
    {
        await using ApiHost host = await StartAsync(door);
        byte[] message = host.Draft("POST", "/echo", "some content"u8.ToArray()).ToHttp1();
        await using RawHttp connection = await RawHttp.ConnectAsync(host.Port);

        await connection.SendAsync(message[..^4]);
        RawAnswer late = await connection.ReadAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await connection.SendAsync([.. message[^4..], .. message]);
        RawAnswer next = await connection.ReadAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal((504, 200), (late.Status, next.Status));
        Assert.Equal("some content", next.Text);
        Assert.Equal(["RequestTimeoutsMiddleware"], host.Log.Alarms.Select(line => line.Category.Split('.')[^1]));
    }

    [Fact]
    public async Task A_login_that_does_not_come_in_time_is_answered_504()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Build = static builder =>
            {
                AddTimeouts(builder.Services);
                builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MinRequestBodyDataRate = null);
            },
            Before = static app => app.UseRouting().UseRequestTimeouts(),
        });
        await using RawHttp connection = await RawHttp.ConnectAsync(api.Host.Port);

        await connection.SendAsync("POST /auth/login HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{");

        Assert.Equal(504, (await connection.ReadAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Status);
    }

    private static Task<ApiHost> StartAsync(Door door) => ApiHost.StartAsync(new ApiHostSettings
    {
        Door = door,
        Build = static builder => AddTimeouts(builder.Services),
        Before = static app => app.UseRouting().UseRequestTimeouts(),
        Kestrel = static kestrel => kestrel.Limits.MinRequestBodyDataRate = null,
    });

    private static void AddTimeouts(IServiceCollection services) =>
        services.AddRequestTimeouts(static timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = Limit, TimeoutStatusCode = StatusCodes.Status504GatewayTimeout });
}
