using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>What is sent a second time after a 401: the same bytes, or nothing.</summary>
public sealed class ReplayedBodyTests : TokenTestBase
{
    private const string Text = "tea & coffee, Größe 7";

    public static TheoryData<string> Replayable => [.. Bodies(oneWay: false).Keys];

    public static TheoryData<string> OneWay => [.. Bodies(oneWay: true).Keys];

    [Theory]
    [Trait("Scenario", "15")]
    [MemberData(nameof(Replayable))]
    public async Task A_body_that_can_be_read_twice_is_replayed_byte_for_byte(string kind)
    {
        HttpClient client = ClientOf(Build());
        await StatusOfAsync(client);
        Server.Accepted = "another";

        using HttpResponseMessage response = await client.PutAsync(new Uri("/orders", UriKind.Relative), Bodies(oneWay: false)[kind], Cancelled);

        Assert.Equal(200, (int)response.StatusCode);
        RawRequest[] sent = Server.ApiRequests[1..];
        Assert.Equal(2, sent.Length);
        Assert.Equal(sent[0].Body, sent[1].Body);
        Assert.Equal("PUT", sent[1].Method);
        Assert.NotEqual(sent[0]["authorization"], sent[1]["authorization"]);
    }

    [Theory]
    [Trait("Scenario", "15")]
    [MemberData(nameof(OneWay))]
    public async Task A_body_that_can_be_read_once_is_never_replayed_and_the_next_request_has_a_new_token(string kind)
    {
        HttpClient client = ClientOf(Build());
        await StatusOfAsync(client);
        Server.Accepted = "another";

        using HttpResponseMessage response = await client.PutAsync(new Uri("/orders", UriKind.Relative), Bodies(oneWay: true)[kind], Cancelled);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal((2, 1), (Server.ApiCalls, Server.Refreshes));
        Assert.Equal(200, await StatusOfAsync(client));
        Assert.Equal(1, Server.Refreshes);
    }

    [Fact]
    [Trait("Scenario", "15")]
    public async Task A_body_that_can_be_read_once_waits_for_a_refresh_that_is_due()
    {
        HttpClient client = ClientOf(Build());
        await StatusOfAsync(client);
        await Log.UntilAsync(Acquired);
        Time.Advance(Due);
        TaskCompletionSource gate = Server.HoldNext();

        Task<HttpResponseMessage> once = client.PutAsync(new Uri("/orders", UriKind.Relative), new StreamContent(new OneWayStream(Encoding.UTF8.GetBytes(Text))), Cancelled);
        await Server.Arrived.WaitAsync(Cancelled);
        Assert.Equal(1, Server.ApiCalls);
        gate.SetResult();
        using HttpResponseMessage response = await once;

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("Bearer access-2", Server.ApiRequests[^1]["authorization"]);
    }

    [Fact]
    [Trait("Scenario", "15")]
    public async Task A_body_that_can_be_read_twice_does_not_wait_for_a_refresh_that_is_due()
    {
        HttpClient client = ClientOf(Build());
        await StatusOfAsync(client);
        await Log.UntilAsync(Acquired);
        Time.Advance(Due);
        TaskCompletionSource gate = Server.HoldNext();

        using HttpResponseMessage response = await client.PutAsync(new Uri("/orders", UriKind.Relative), new StringContent(Text), Cancelled);
        gate.SetResult();

        Assert.Equal((200, "Bearer access-1"), ((int)response.StatusCode, Server.ApiRequests[^1]["authorization"]));
        await Log.UntilAsync(Acquired);
    }

    [Fact]
    [Trait("Scenario", "15")]
    public async Task A_body_that_can_be_read_once_goes_with_the_old_token_if_the_refresh_fails()
    {
        HttpClient client = ClientOf(Build());
        await StatusOfAsync(client);
        Time.Advance(Due);
        Server.Next(500);

        // The second comes within the back-off.
        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage response = await client.PutAsync(new Uri("/orders", UriKind.Relative), new StreamContent(new OneWayStream(Encoding.UTF8.GetBytes(Text))), Cancelled);

            Assert.Equal(200, (int)response.StatusCode);
            Assert.Equal("Bearer access-1", Server.ApiRequests[^1]["authorization"]);
        }

        Assert.Equal(1, Server.Refreshes);
    }

    [Fact]
    [Trait("Scenario", "15")]
    public async Task What_the_signer_has_copied_is_replayed_too()
    {
        HttpClient client = ClientOf(Build(orders => orders.AddMessageSigning(KeyId, Secret)));
        await StatusOfAsync(client);
        Server.Accepted = "another";

        using HttpResponseMessage response = await client.PutAsync(new Uri("/orders", UriKind.Relative), new StreamContent(new OneWayStream(Encoding.UTF8.GetBytes(Text))), Cancelled);

        Assert.Equal(200, (int)response.StatusCode);
        using var key = new SigningKey(KeyId, Secret);
        Assert.All(Server.ApiRequests[1..], request =>
        {
            Assert.Equal(Text, request.Text);
            Assert.Equal(SignatureStatus.Verified, request.Verify(key, Time));
            Assert.Contains("authorization", request.Covered(), StringComparer.Ordinal);
        });
    }

    [Fact]
    public async Task A_replay_begins_with_what_the_caller_has_made_whatever_the_handlers_below_have_made_of_it()
    {
        List<(HttpMethod, Uri?, Version, HttpVersionPolicy, HttpContent?)> arrived = [];
        HttpClient client = ClientOf(Build(orders => orders.ConfigurePrimaryHttpMessageHandler(() => new RelayHandler(request =>
        {
            arrived.Add((request.Method, request.RequestUri, request.Version, request.VersionPolicy, request.Content));
            request.Method = HttpMethod.Patch;
            request.RequestUri = new Uri(request.RequestUri!, "/elsewhere");
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower);
            request.Content = new StringContent("something else");
        })
        {
            InnerHandler = new SocketsHttpHandler(),
        })));
        await StatusOfAsync(client);
        Server.Accepted = "another";
        arrived.Clear();

        using var request = new HttpRequestMessage(HttpMethod.Put, "/orders") { Content = new StringContent(Text), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(2, arrived.Count);
        Assert.Equal(arrived[0], arrived[1]);
        Assert.Equal(HttpMethod.Put, arrived[0].Item1);
    }

    private static Dictionary<string, HttpContent> Bodies(bool oneWay)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Text);
        var behind = new MemoryStream(Encoding.UTF8.GetBytes("not sent" + Text)) { Position = "not sent".Length };
        return oneWay
            ? new()
            {
                ["stream"] = new StreamContent(new OneWayStream(bytes)),
                ["multipart with a stream"] = new MultipartFormDataContent { new StringContent("a"), new StreamContent(new OneWayStream(bytes)) },
                ["multipart in multipart"] = new MultipartContent { new MultipartContent { new StreamContent(new OneWayStream(bytes)) } },
                ["a class of the user's own"] = new CountingContent(),
                ["JSON that is fetched while it is written"] = JsonContent.Create(Once(bytes)),
                ["JSON that is computed while it is written"] = JsonContent.Create(bytes.Where(static letter => letter > 'a')),
            }
            : new()
            {
                ["none"] = new ByteArrayContent([]),
                ["bytes"] = new ByteArrayContent(bytes, 2, 9),
                ["memory"] = new ReadOnlyMemoryContent(bytes),
                ["text"] = new StringContent(Text, Encoding.Latin1, "text/plain"),
                ["form"] = new FormUrlEncodedContent([new("a b", Text)]),
                ["JSON"] = JsonContent.Create(new { Name = Text }),
                ["JSON of a list"] = JsonContent.Create<IEnumerable<byte>>(bytes),
                ["parts"] = new MultipartContent("mixed", "between") { new StringContent(Text) },
                ["seekable stream"] = new StreamContent(new MemoryStream(bytes)),
                ["seekable stream from the middle"] = new StreamContent(behind),
                ["multipart"] = new MultipartFormDataContent { { new StringContent(Text), "a" }, { new ByteArrayContent(bytes), "b", "b.bin" } },
            };
    }
    // As a queue gives it: what was read is gone.
    private static IAsyncEnumerable<byte> Once(byte[] bytes)
    {
        var queue = Channel.CreateUnbounded<byte>();
        Assert.All(bytes, item => Assert.True(queue.Writer.TryWrite(item)));
        queue.Writer.Complete();
        return queue.Reader.ReadAllAsync(Cancelled);
    }
}
