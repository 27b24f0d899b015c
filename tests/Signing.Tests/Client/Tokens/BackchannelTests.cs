using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>The calls of token endpoints: how often, how long, and how much of an answer.</summary>
public sealed class BackchannelTests
{
    private const string Granted = """{"access_token":"access-1"}""";

    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _sent = [];
    private TimeSpan _patience = TimeSpan.FromSeconds(100);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpRequestError.ResponseEnded, 3)]
    [InlineData(HttpRequestError.Unknown, 3)]
    [InlineData(HttpRequestError.ConnectionError, 1)]
    [InlineData(HttpRequestError.NameResolutionError, 1)]
    [InlineData(HttpRequestError.SecureConnectionError, 1)]
    [InlineData(HttpRequestError.ProxyTunnelError, 1)]
    public async Task What_may_have_arrived_is_sent_three_times_and_what_cannot_have_once(HttpRequestError error, int calls)
    {
        TokenReply reply = await CallAsync((_, _) => throw new HttpRequestException(error));

        Assert.Equal(calls, _sent.Count);
        Assert.Equal("The token endpoint cannot be reached.", reply.Problem);
        Assert.Equal(["refresh-1"], _sent.Distinct());
    }

    [Fact]
    public async Task The_attempt_that_gets_an_answer_is_the_last()
    {
        TokenReply reply = await CallAsync((_, _) => _sent.Count == 1 ? throw new IOException("Broken off.") : Task.FromResult(Answer(Granted)));

        Assert.Equal(("access-1", 2), (reply.Grant!.AccessToken, _sent.Count));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_may_have_been_a_grant()
    {
        TokenReply reply = await CallAsync((_, _) => Task.FromResult(Answer(new BrokenStream())));

        Assert.Equal((3, true, "The answer of the token endpoint broke off."), (_sent.Count, reply.MayHaveArrived, reply.Problem));
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(11, 10)]
    [InlineData(null, 10)]
    [InlineData(4, 4)]
    public async Task Each_attempt_has_ten_seconds_or_the_shorter_time_of_the_hosts(int? set, int expected)
    {
        _patience = set is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
        var asked = new SemaphoreSlim(0);
        Task<TokenReply> calling = CallAsync(async (_, cancelled) =>
        {
            asked.Release();
            return await new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancelled);
        });

        for (int attempt = 1; attempt <= Backchannel.MaxAttempts; attempt++)
        {
            await asked.WaitAsync(Cancelled);
            _time.Advance(TimeSpan.FromSeconds(expected - 0.1));
            Assert.Equal(attempt, _sent.Count);
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }

        TokenReply reply = await calling;
        Assert.Equal((true, $"The token endpoint did not answer within {expected} s."), (reply.MayHaveArrived, reply.Problem));
    }

    [Fact]
    public async Task Whoever_gives_up_is_told_so_and_nothing_is_sent_again()
    {
        using var caller = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CallAsync(
            async (_, cancelled) =>
            {
                await caller.CancelAsync();
                return await new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancelled);
            },
            caller.Token));

        Assert.Single(_sent);
    }

    [Theory]
    [InlineData(Backchannel.MaxAnswerBytes, true, true)]
    [InlineData(Backchannel.MaxAnswerBytes, false, true)]
    [InlineData(Backchannel.MaxAnswerBytes + 1, true, false)]
    [InlineData(Backchannel.MaxAnswerBytes + 1, false, false)]
    public async Task An_answer_has_64_KiB_at_most_whether_it_says_its_length_or_not(int length, bool saysLength, bool isRead)
    {
        byte[] body = Encoding.UTF8.GetBytes(Granted.PadRight(length));

        TokenReply reply = await CallAsync((_, _) => Task.FromResult(Answer(saysLength ? new MemoryStream(body) : new OneWayStream(body))));

        Assert.Equal(isRead, reply.Grant is not null);
        Assert.Single(_sent);
    }

    [Fact]
    public async Task A_length_that_is_too_long_is_refused_without_reading()
    {
        HttpResponseMessage answer = Answer(new BrokenStream());
        answer.Content.Headers.ContentLength = Backchannel.MaxAnswerBytes + 1;

        TokenReply reply = await CallAsync((_, _) => Task.FromResult(answer));

        Assert.Contains("longer than 65536 bytes", reply.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_After_is_reckoned_by_the_clock_of_whoever_says_it()
    {
        HttpResponseMessage answer = Answer("", HttpStatusCode.ServiceUnavailable);
        answer.Headers.Date = _time.GetUtcNow().AddHours(5);
        answer.Headers.RetryAfter = new RetryConditionHeaderValue(answer.Headers.Date.Value.AddSeconds(30));

        Assert.Equal(TimeSpan.FromSeconds(30), (await CallAsync((_, _) => Task.FromResult(answer))).RetryAfter);
    }

    private static HttpResponseMessage Answer(string body, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = new StringContent(body) };

    private static HttpResponseMessage Answer(Stream body) => new(HttpStatusCode.OK) { Content = new StreamContent(body) };

    private Task<TokenReply> CallAsync(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer, CancellationToken? caller = null)
    {
        var backchannel = new Backchannel(() => new HttpClient(new Answering(_sent, answer)) { Timeout = _patience }, _time);
        return backchannel.CallAsync(
            new TokenCall(() => new HttpRequestMessage(HttpMethod.Post, "https://api.example.com/auth/refresh") { Content = new StringContent("refresh-1") }, Signer: null),
            caller ?? Cancelled);
    }

    private sealed class Answering(List<string> sent, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sent.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            return await answer(request, cancellationToken);
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("Broken off.");
    }
}
