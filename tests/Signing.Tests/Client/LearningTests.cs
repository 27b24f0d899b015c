using System.Globalization;
using System.Net;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary>What a refusal teaches the client, and what it must not teach it.</summary>
public sealed class LearningTests : ClientTestBase
{
    private const string CoverMore = "Accept-Signature: sig=(\"@method\" \"@scheme\" \"x-tenant\" \"x-absent\");created;keyid=\"theirs\";nonce=\"theirs\"\r\n";

    [Theory]
    [InlineData("too_old", 600)]
    [InlineData("created_in_future", -600)]
    [InlineData("too_old", 3600)]
    [InlineData("expired_signature", 90)]
    public async Task A_clock_that_differs_is_learnt_from_Date_and_kept_for_the_origin(string code, int seconds)
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse(code, Date(seconds)) : RawServer.Ok;

        using HttpResponseMessage response = await client.SendAsync(Get(), Cancelled);
        await client.SendAsync(Get(), Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([0, seconds, seconds], Server.Requests.Select(CreatedAfterNow));
    }

    [Theory]
    [InlineData("too_old", 3601, "")]
    [InlineData("too_old", 0, "")]
    [InlineData("too_old", 600, "Age: 60\r\n")]
    [InlineData("invalid_credential", 600, "")]
    public async Task A_clock_is_not_learnt_from_other_refusals_caches_or_over_an_hour(string code, int seconds, string headers)
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, _) => RawServer.Refuse(code, Date(seconds) + headers);

        using HttpResponseMessage response = await client.SendAsync(Get(), Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Single(Server.Requests);
    }

    [Theory]
    [InlineData("GET", null, true)]
    [InlineData("HEAD", null, true)]
    [InlineData("OPTIONS", null, true)]
    [InlineData("TRACE", null, true)]
    [InlineData("PUT", "tea", true)]
    [InlineData("DELETE", null, true)]
    [InlineData("POST", null, false)]
    [InlineData("POST", "tea", false)]
    [InlineData("PATCH", "tea", false)]
    public async Task A_signature_that_was_sent_twice_is_made_anew_where_once_more_is_no_more_than_once(string method, string? content, bool isIdempotent)
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("replayed") : RawServer.Ok;
        using var request = new HttpRequestMessage(new HttpMethod(method), Server.Address) { Content = content is null ? null : new StringContent(content) };

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(isIdempotent ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(isIdempotent ? 2 : 1, Server.Requests.Select(received => received["signature"]).Distinct().Count());
    }

    [Fact]
    public async Task Without_a_nonce_it_is_made_anew_in_the_next_second_because_before_it_would_be_the_same()
    {
        using HttpMessageInvoker client = Client(static options => options.Policy = new SigningPolicy { IncludeNonce = false });
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("replayed") : RawServer.Ok;
        var waits = new SemaphoreSlim(0);
        Time.TimerStarted = () => waits.Release();

        Task<HttpResponseMessage> sending = client.SendAsync(Get(), Cancelled);
        await Task.WhenAny(sending, waits.WaitAsync(Cancelled));
        Time.Advance(TimeSpan.FromSeconds(1));
        using HttpResponseMessage response = await sending;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, Server.Requests.Select(received => received["signature"]).Distinct().Count());
    }

    [Fact]
    public async Task A_clock_that_was_followed_and_is_refused_again_is_not_followed_a_second_time()
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, _) => RawServer.Refuse("too_old", Date(600));

        using HttpResponseMessage response = await client.SendAsync(Get(), Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal([0, 600], Server.Requests.Select(CreatedAfterNow));
    }

    [Fact]
    public async Task A_date_to_come_again_is_reckoned_by_the_clock_of_the_server()
    {
        using HttpMessageInvoker client = Client();
        string headers = $"{Date(600)}Retry-{Date(606).Replace("Date", "After", StringComparison.Ordinal)}";
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("replay_before_floor", headers, 503) : RawServer.Ok;
        var waits = new SemaphoreSlim(0);
        Time.TimerStarted = () => waits.Release();

        Task<HttpResponseMessage> sending = client.SendAsync(Get(), Cancelled);
        await waits.WaitAsync(Cancelled);
        Time.Advance(TimeSpan.FromSeconds(5.9));
        Assert.False(sending.IsCompleted);
        Time.Advance(TimeSpan.FromSeconds(0.1));
        using HttpResponseMessage response = await sending;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_date_to_come_again_that_has_passed_is_now()
    {
        using HttpMessageInvoker client = Client();
        string headers = $"{Date(600)}Retry-{Date(590).Replace("Date", "After", StringComparison.Ordinal)}";
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("replay_before_floor", headers, 503) : RawServer.Ok;

        using HttpResponseMessage response = await client.SendAsync(Get(), Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("clock")]
    [InlineData("components")]
    [InlineData("floor")]
    [Trait("Protocol", "A5")]
    public async Task Nothing_is_learnt_over_plain_http_from_another_machine_so_nobody_on_the_way_is_given_a_second_signature(string lesson)
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, _) => lesson switch
        {
            "clock" => RawServer.Refuse("too_old", Date(600)),
            "components" => RawServer.Refuse("insufficient_coverage", CoverMore),
            _ => RawServer.Refuse("replay_before_floor", "Retry-After: 0\r\n", 503),
        };

        await client.SendAsync(Get("http://api.example/"), Cancelled);
        Assert.Single(Server.Requests);

        // From this machine the same answer teaches something.
        await client.SendAsync(Get(), Cancelled);
        Assert.InRange(Server.Requests.Length, 3, 4);
    }

    [Fact]
    [Trait("Protocol", "A5")]
    public async Task What_one_origin_taught_is_not_applied_to_another()
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("too_old", Date(600)) : RawServer.Ok;
        await client.SendAsync(Get(), Cancelled);

        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://localhost:1/"), Cancelled);

        Assert.Equal(0, CreatedAfterNow(Server.Requests[^1]));
    }

    [Fact]
    [Trait("Protocol", "A2")]
    public async Task Components_that_a_server_accepts_are_added_and_kept_for_the_origin()
    {
        using HttpMessageInvoker client = Client(options => options.Policy = new SigningPolicy { Tag = "mine" });
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("insufficient_coverage", CoverMore) : RawServer.Ok;

        using HttpResponseMessage response = await client.SendAsync(Get(), Cancelled);
        await client.SendAsync(Get(), Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["@method", "@authority", "@path", "@query"], Server.Requests[0].Covered());
        Assert.All(Server.Requests[1..], received =>
        {
            Assert.Equal(["@method", "@authority", "@path", "@query", "@scheme", "x-tenant"], received.Covered());
            Assert.DoesNotContain("theirs", received["signature-input"], StringComparison.Ordinal);
            Assert.EndsWith(";tag=\"mine\"", received["signature-input"], StringComparison.Ordinal);
            Assert.Equal(SignatureStatus.Verified, Verify(received));
        });
    }

    [Theory]
    [InlineData("sig=()")]
    [InlineData("sig=(\"@method\" \"@authority\")")]
    [InlineData("sig=(\"@status\" \"x-tenant\")")]
    [InlineData("sig=(\"x-tenant\");tag=\"other\"")]
    [InlineData("sig=(\"x-tenant\";req \"x-tenant\";tr \"@query-param\";name=\"a\")")]
    [InlineData("sig=(x-tenant)")]
    [InlineData("sig=(\"X-Tenant\" \"@unknown\" \"host\" \"signature\" \"x-absent\" \"\")")]
    [InlineData("sig=(\"cookie\")")]
    [InlineData("sig=(\"x-tenant\"")]
    [InlineData("sig=\"x-tenant\"")]
    [InlineData("sig=(\"x-tenant\"), b=(")]
    [InlineData("")]
    [Trait("Protocol", "A3")]
    [Trait("Protocol", "A5")]
    public async Task What_does_not_suit_a_request_or_us_is_not_followed(string accepted)
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, _) => RawServer.Refuse("insufficient_coverage", $"Accept-Signature: {accepted}\r\n");
        HttpRequestMessage request = Get();
        request.Headers.Add("Cookie", "a=b");

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Single(Server.Requests);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_long_or_greedy_wish_is_bounded()
    {
        using HttpMessageInvoker client = Client();
        string many = string.Join(' ', Enumerable.Range(0, 40).Select(number => $"\"x-{number}\""));
        HttpRequestMessage Greedy()
        {
            HttpRequestMessage request = Get();
            foreach (int number in Enumerable.Range(0, 40))
            {
                request.Headers.Add($"x-{number}", "1");
            }

            return request;
        }

        Server.Answer = (_, _) => RawServer.Refuse("insufficient_coverage", $"Accept-Signature: s=({many})\r\n");
        await client.SendAsync(Greedy(), Cancelled);
        Assert.Equal(4 + 16, Server.Requests[^1].Covered().Length);

        using HttpMessageInvoker other = Client();
        int before = Server.Requests.Length;
        Server.Answer = (_, _) => RawServer.Refuse("insufficient_coverage", $"Accept-Signature: s=(\"x-39\");tag=\"{new string('a', 2048)}\", t=(\"x-39\")\r\n");
        await other.SendAsync(Greedy(), Cancelled);
        Assert.Equal(before + 1, Server.Requests.Length);

        using HttpMessageInvoker third = Client();
        before = Server.Requests.Length;
        Server.Answer = (_, answered) => RawServer.Refuse("insufficient_coverage", $"Accept-Signature: s=({string.Join(' ', many.Split(' ').Skip(answered == before ? 0 : 20).Take(12))})\r\n");
        await third.SendAsync(Greedy(), Cancelled);
        Assert.Equal([4, 4 + 12, 4 + 16], Server.Requests[before..].Select(received => received.Covered().Length));
    }

    [Fact]
    public async Task A_wish_that_one_later_request_cannot_fulfil_is_dropped_for_that_request()
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("insufficient_coverage", CoverMore) : RawServer.Ok;
        await client.SendAsync(Get(), Cancelled);
        HttpRequestMessage unsignable = new(HttpMethod.Get, Server.Address);
        unsignable.Headers.TryAddWithoutValidation("x-tenant", "control\u0001character");

        await client.SendAsync(unsignable, Cancelled);
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Equal(["@method", "@authority", "@path", "@query"], Server.Requests[^2].Covered());
        Assert.Equal(["@method", "@authority", "@path", "@query", "@scheme"], Server.Requests[^1].Covered());
    }

    [Fact]
    public async Task A_server_that_wants_the_digest_of_no_body_gets_it()
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("missing_digest", "Accept-Signature: s=(\"content-digest\")\r\n") : RawServer.Ok;

        await client.SendAsync(Get(), Cancelled);

        Assert.Equal(2, Server.Requests.Length);
        Assert.Equal("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", Server.Requests[1]["content-digest"]);
        Assert.Equal(SignatureStatus.Verified, Verify(Server.Requests[1]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_is_sent_three_times_at_most(bool synchronous)
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, before) => RawServer.Refuse("too_old", Date(100 * (before + 1)));
        HttpRequestMessage request = Post();

        using HttpResponseMessage response = synchronous ? client.Send(request, Cancelled) : await client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(MessageSigningHandler.MaxSendings, Server.Requests.Length);
        Assert.All(Server.Requests, received => Assert.Equal("hello", received.Text));
    }

    [Fact]
    public void The_number_of_origins_that_are_remembered_is_bounded()
    {
        static Lesson Clock(int seconds) => new(LessonKind.ClockOffset, LearntOrigin.Nothing.WithClockOffset(TimeSpan.FromSeconds(seconds)), TimeSpan.Zero);
        var origins = new LearntOrigins();
        var last = new Uri("https://last.example/");
        for (int i = 0; i < 10 * LearntOrigins.MaxOrigins; i++)
        {
            origins.Add(new Uri($"https://host{i}.example/"), Clock(10));
        }

        origins.Add(last, Clock(20));

        int remembered = Enumerable.Range(0, 10 * LearntOrigins.MaxOrigins).Count(i => origins.Get(new Uri($"https://host{i}.example/")) != LearntOrigin.Nothing);
        Assert.InRange(remembered, 0, LearntOrigins.MaxOrigins - 1);
        Assert.Equal(TimeSpan.FromSeconds(20), origins.Get(new Uri("https://LAST.example:443/path")).ClockOffset);
        Assert.Same(LearntOrigin.Nothing, origins.Get(new Uri("https://last.example:444/")));
        Assert.Same(LearntOrigin.Nothing, origins.Get(new Uri("http://last.example:443/")));
    }

    [Fact]
    public async Task Nothing_is_learnt_if_learning_is_off()
    {
        using HttpMessageInvoker client = Client(options => options.LearnFromServer = false);
        Server.Answer = (_, _) => RawServer.Refuse("too_old", Date(600));

        await client.SendAsync(Get(), Cancelled);

        Assert.Single(Server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_has_just_started_is_waited_for_and_gets_a_younger_signature(bool synchronous)
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("replay_before_floor", "Retry-After: 6\r\n", 503) : RawServer.Ok;
        var waits = new SemaphoreSlim(0);
        Time.TimerStarted = () => waits.Release();

        Task<HttpResponseMessage> sending = synchronous
            ? Task.Run(() => client.Send(Post(), Cancelled), Cancelled)
            : client.SendAsync(Post(), Cancelled);
        await waits.WaitAsync(Cancelled);
        Assert.Single(Server.Requests);
        Time.Advance(TimeSpan.FromSeconds(6));
        using HttpResponseMessage response = await sending;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([-6, 0], Server.Requests.Select(CreatedAfterNow));
    }

    [Theory]
    [InlineData(40, 40)]
    [InlineData(2, 2)]
    [InlineData(1, 0)]
    [InlineData(-40, 0)]
    public async Task Whose_clock_is_behind_that_of_a_server_that_has_just_started_signs_by_the_clock_of_the_server(int behind, int created)
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("replay_before_floor", $"{Date(behind)}Retry-After: 6\r\n", 503) : RawServer.Ok;
        var waits = new SemaphoreSlim(0);
        Time.TimerStarted = () => waits.Release();

        Task<HttpResponseMessage> sending = client.SendAsync(Post(), Cancelled);
        await waits.WaitAsync(Cancelled);
        Assert.Single(Server.Requests);
        Time.Advance(TimeSpan.FromSeconds(6));
        using HttpResponseMessage response = await sending;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([-6, created], Server.Requests.Select(CreatedAfterNow));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Waiting_for_a_server_ends_when_the_caller_gives_up(bool synchronous)
    {
        using HttpMessageInvoker client = Client();
        using var caller = new CancellationTokenSource();
        Server.Answer = (_, _) => RawServer.Refuse("replay_before_floor", "Retry-After: 6\r\n", 503);
        Time.TimerStarted = caller.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => synchronous
            ? Task.Run(() => client.Send(Post(), caller.Token), Cancelled)
            : client.SendAsync(Post(), caller.Token));

        Assert.Single(Server.Requests);
    }

    [Theory]
    [InlineData("replay_before_floor", "Retry-After: 31\r\n")]
    [InlineData("replay_before_floor", "")]
    [InlineData("replay_store_unavailable", "Retry-After: 1\r\n")]
    public async Task Other_outages_and_longer_ones_are_left_to_the_caller(string code, string headers)
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, _) => RawServer.Refuse(code, headers, 503);

        using HttpResponseMessage response = await client.SendAsync(Get(), Cancelled);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Single(Server.Requests);
    }

    [Fact]
    public async Task A_listener_behind_the_signer_that_reads_the_headers_costs_one_more_sending_and_not_the_request()
    {
        using HttpMessageInvoker client = Client(
            options => options.Policy = new SigningPolicy { Components = ["@method", "@authority", "@path", "@query", "cache-control"] },
            new RelayHandler(RelayHandler.Enumerate) { InnerHandler = Connection() });
        Server.Answer = (received, _) => Verify(received) == SignatureStatus.Verified ? RawServer.Ok : RawServer.Refuse("invalid_credential");
        HttpRequestMessage request = Get();
        request.Headers.TryAddWithoutValidation("Cache-Control", "no-cache,max-age=1");

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, Server.Requests.Length);
    }

    private static string Date(DateTimeOffset now) => $"Date: {now.ToString("R", CultureInfo.InvariantCulture)}\r\n";

    private string Date(int seconds) => Date(Time.GetUtcNow().AddSeconds(seconds));

    private long CreatedAfterNow(RawRequest request)
    {
        string input = request["signature-input"];
        int start = input.IndexOf(";created=", StringComparison.Ordinal) + ";created=".Length;
        return long.Parse(input[start..input.IndexOf(';', start)], CultureInfo.InvariantCulture) - Time.GetUtcNow().ToUnixTimeSeconds();
    }

    private HttpRequestMessage Get(string? address = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address is null ? Server.Address : new Uri(address));
        request.Headers.Add("X-Tenant", "7");
        return request;
    }

    private HttpRequestMessage Post() => new(HttpMethod.Post, Server.Address) { Content = new StreamContent(new OneWayStream("hello"u8.ToArray())) };
}
