using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Signing.Client;
using Signing.Tests.Client.Model;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary>What was learnt does not keep a later request from being sent, costs no body, and ends when it is refused.</summary>
public sealed class LearningLimitsTests : ClientTestBase
{
    private static readonly SigningPolicy WithoutDigest = new() { CoverIfPresent = [] };

    [Theory]
    [InlineData("too_old", "stream", false)]
    [InlineData("too_old", "stream", true)]
    [InlineData("too_old", "own kind", false)]
    [InlineData("insufficient_coverage", "stream", false)]
    [InlineData("replay_before_floor", "own kind", true)]
    public async Task A_body_that_can_be_read_once_and_was_not_kept_is_not_sent_again(string code, string body, bool synchronous)
    {
        using HttpMessageInvoker client = Client(options => options.Policy = WithoutDigest);
        Server.Answer = (_, before) => before > 0 ? RawServer.Ok
            : RawServer.Refuse(code, $"{Date(600)}Accept-Signature: sig=(\"@scheme\")\r\nRetry-After: 0\r\n", code == "replay_before_floor" ? 503 : 401);
        using HttpRequestMessage request = Post(body == "stream" ? new StreamContent(new OneWayStream("hello"u8.ToArray())) : new OnceContent("hello"u8.ToArray()));

        using HttpResponseMessage response = synchronous ? client.Send(request, Cancelled) : await client.SendAsync(request, Cancelled);

        Assert.Equal(code == "replay_before_floor" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("hello", Assert.Single(Server.Requests).Text);

        // What it taught is for the next.
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);
        Assert.Equal(code == "insufficient_coverage" ? 0 : 600, CreatedAfterNow(Server.Requests[^1]));
        Assert.Equal(code == "insufficient_coverage", Server.Requests[^1].Covered().Contains("@scheme"));
    }

    [Fact]
    public async Task A_digest_that_a_server_asks_for_has_no_body_read_into_memory_that_may_not_fit()
    {
        using HttpMessageInvoker client = Client(options => (options.Policy, options.MaxBufferedBytes) = (WithoutDigest, 5));
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("missing_digest", "Accept-Signature: sig=(\"content-digest\")\r\n") : RawServer.Ok;
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);
        Assert.Contains("content-digest", Server.Requests[^1].Covered());

        foreach ((string text, bool isAnnounced) in ((string, bool)[])[("hello", true), ("hello!", true), ("hello", false), ("hello!", false)])
        {
            using HttpRequestMessage request = Post(new StreamContent(new OneWayStream(System.Text.Encoding.ASCII.GetBytes(text))));
            request.Content!.Headers.ContentLength = isAnnounced ? text.Length : null;
            await client.SendAsync(request, Cancelled);

            Assert.Equal(text, Server.Requests[^1].Text);
            Assert.Equal(isAnnounced && text.Length == 5, Server.Requests[^1].Covered().Contains("content-digest"));
        }
    }

    [Fact]
    public async Task What_a_server_has_asked_for_gives_way_to_what_a_request_adds()
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("insufficient_coverage", $"Accept-Signature: sig=({string.Join(' ', Many(16).Select(name => $"\"{name}\""))})\r\n") : RawServer.Ok;
        using HttpRequestMessage first = Crowded(16);
        await client.SendAsync(first, Cancelled);
        using HttpRequestMessage request = Crowded(24);
        string[] added = [.. Many(24)];
        request.Options.Set(SigningOverrides.Components, added);

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["@method", "@authority", "@path", "@query", .. added], Server.Requests[^1].Covered());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_server_has_asked_for_is_covered_once_however_the_options_or_a_request_name_it(bool byReload)
    {
        MessageSigningOptions current = OptionsWith();
        using var client = new HttpMessageInvoker(new MessageSigningHandler(new ClientState(() => current, Time, NullLogger.Instance), Connection()));
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("insufficient_coverage", "Accept-Signature: sig=(\"@scheme\" \"@target-uri\")\r\n") : RawServer.Ok;
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
        if (byReload)
        {
            current = OptionsWith(options => options.Policy = new SigningPolicy { Components = ["@method", "@authority", "@path", "@query", "\"@scheme\""] });
        }
        else
        {
            request.Options.Set(SigningOverrides.Components, ["\"@scheme\""]);
        }

        await client.SendAsync(request, Cancelled);

        Assert.Equal(["@authority", "@method", "@path", "@query", "@scheme", "@target-uri"], Server.Requests[^1].Covered().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_signed_again_for_what_it_has_learnt_keeps_the_Key_of_its_token_whatever_the_options_are_meanwhile()
    {
        MessageSigningOptions current = OptionsWith();
        using var client = new HttpMessageInvoker(new MessageSigningHandler(new ClientState(() => current, Time, NullLogger.Instance), Connection()));
        Server.Answer = (_, before) =>
        {
            current = OptionsWith(options => (options.Key, options.Secret) = ("acme_key_2", "acme_secret_fedcba9876543210"));
            return before == 0 ? RawServer.Refuse("insufficient_coverage", "Accept-Signature: sig=(\"@scheme\")\r\n") : RawServer.Ok;
        };

        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Equal([KeyId, KeyId, "acme_key_2"], Server.Requests.Select(received => received["signature-input"].Split("keyid=\"")[1].Split('"')[0]));
    }

    [Fact]
    public async Task A_field_of_which_one_form_is_covered_is_covered_as_it_is_too_if_a_server_asks()
    {
        using HttpMessageInvoker client = Client(options => options.Policy = new SigningPolicy { Components = ["@method", "\"x-0\";bs"] });
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("insufficient_coverage", "Accept-Signature: sig=(\"x-0\")\r\n") : RawServer.Ok;

        await client.SendAsync(Crowded(1), Cancelled);

        Assert.Equal(2, Server.Requests.Length);
        Assert.Contains("(\"@method\" \"x-0\";bs \"x-0\")", Server.Requests[1]["signature-input"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wish_may_name_what_is_covered_already_beside_as_many_others_as_are_followed()
    {
        using HttpMessageInvoker client = Client();
        string all = string.Join(' ', ((string[])["@method", "@authority", "@path", "@query", .. Many(16)]).Select(name => $"\"{name}\""));
        Server.Answer = (received, _) => received.Covered().Length == 20 ? RawServer.Ok : RawServer.Refuse("insufficient_coverage", $"Accept-Signature: sig=({all})\r\n");

        using HttpResponseMessage response = await client.SendAsync(Crowded(16), Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("invalid_credential", true)]
    [InlineData("missing_component", true)]
    [InlineData("unsupported_component", true)]
    [InlineData("too_large", true)]
    [InlineData("suspended", false)]
    public async Task Components_that_a_server_asked_for_and_does_not_understand_are_forgotten(string code, bool isForgotten)
    {
        using HttpMessageInvoker client = Client();
        bool isMended = false;
        Server.Answer = (received, _) => (received.Covered().Contains("@scheme"), isMended) switch
        {
            (true, _) => RawServer.Refuse(code, Date(600)),
            (false, false) => RawServer.Refuse("insufficient_coverage", "Accept-Signature: sig=(\"@scheme\")\r\n"),
            _ => RawServer.Ok,
        };

        using HttpResponseMessage refused = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);
        Assert.Equal((HttpStatusCode.Unauthorized, 2), (refused.StatusCode, Server.Requests.Length));
        Assert.Contains("@scheme", Server.Requests[^1].Covered());
        isMended = true;
        using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Equal(isForgotten ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(3, Server.Requests.Length);
    }

    [Fact]
    public async Task A_request_with_another_key_that_is_not_known_costs_the_others_nothing()
    {
        using HttpMessageInvoker client = Client();
        using var other = new SigningKey("nobody", "a secret that nobody knows");
        Server.Answer = (received, _) => !received.Covered().Contains("@scheme")
            ? RawServer.Refuse("insufficient_coverage", "Accept-Signature: sig=(\"@scheme\")\r\n")
            : Verify(received) == SignatureStatus.Verified ? RawServer.Ok : RawServer.Refuse("invalid_credential");
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
        request.Options.Set(SigningOverrides.Key, other);
        await client.SendAsync(request, Cancelled);
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Equal(4, Server.Requests.Length);
    }

    [Fact]
    public async Task A_server_that_wants_something_else_each_time_gets_what_it_wants_now()
    {
        using HttpMessageInvoker client = Client();
        int first = 0;
        Server.Answer = (received, _) => Many(30).Skip(first).Take(12).Except(received.Covered()).Any()
            ? RawServer.Refuse("insufficient_coverage", $"Accept-Signature: sig=({string.Join(' ', Many(30).Skip(first).Take(12).Select(name => $"\"{name}\""))})\r\n")
            : RawServer.Ok;
        using HttpResponseMessage before = await client.SendAsync(Crowded(30), Cancelled);
        first = 14;
        await client.SendAsync(Crowded(30), Cancelled);
        using HttpResponseMessage after = await client.SendAsync(Crowded(30), Cancelled);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (before.StatusCode, after.StatusCode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Date: soon\r\n")]
    [InlineData("7200")]
    [InlineData("Age: 1\r\n")]
    public async Task A_clock_that_is_refused_by_who_does_not_tell_the_time_is_forgotten(string headers)
    {
        using HttpMessageInvoker client = Client();
        headers = headers == "7200" ? Date(7200) : headers;
        Server.Answer = (received, before) => before == 0 ? RawServer.Refuse("too_old", Date(600))
            : before == 1 || CreatedAfterNow(received) == 0 ? RawServer.Ok : RawServer.Refuse("created_in_future", headers);
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([0, 600, 600, 0], Server.Requests.Select(CreatedAfterNow));
    }

    [Theory]
    [InlineData(600, 1200)]
    [InlineData(600, 600)]
    public async Task Two_dates_tell_no_time(int one, int other)
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, _) => RawServer.Refuse("too_old", Date(one) + Date(other));

        using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Equal((HttpStatusCode.Unauthorized, 1), (response.StatusCode, Server.Requests.Length));
    }

    [Fact]
    public async Task A_time_before_1970_is_none()
    {
        Time.SetClock(DateTimeOffset.UnixEpoch.AddMinutes(10));
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, _) => RawServer.Refuse("created_in_future", Date(-1200));

        using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Equal((HttpStatusCode.Unauthorized, 1), (response.StatusCode, Server.Requests.Length));
    }

    [Fact]
    public async Task A_wish_with_one_label_twice_says_nothing()
    {
        using HttpMessageInvoker client = Client();
        Server.Answer = (_, _) => RawServer.Refuse("insufficient_coverage", "Accept-Signature: sig=(\"@scheme\")\r\nAccept-Signature: sig=(\"@target-uri\")\r\n");

        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Single(Server.Requests);
    }

    [Fact]
    public void As_many_origins_as_are_remembered_stay_when_one_of_them_teaches_something_new()
    {
        static Lesson Clock(int seconds) => new(LessonKind.ClockOffset, LearntOrigin.Nothing.WithClockOffset(TimeSpan.FromSeconds(seconds)), TimeSpan.Zero);
        static Uri Host(int i) => new($"https://host{i}.example/");
        var origins = new LearntOrigins();
        for (int i = 0; i < LearntOrigins.MaxOrigins; i++)
        {
            origins.Add(Host(i), Clock(10));
        }

        origins.Add(Host(7), Clock(20));

        Assert.All(Enumerable.Range(0, LearntOrigins.MaxOrigins), i => Assert.Equal(i == 7 ? 20 : 10, origins.Get(Host(i)).ClockOffset.TotalSeconds));
    }

    private static IEnumerable<string> Many(int count) => Enumerable.Range(0, count).Select(static number => $"x-{number}");

    private string Date(int seconds) => $"Date: {Time.GetUtcNow().AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture)}\r\n";

    private HttpRequestMessage Crowded(int fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
        foreach (string name in Many(fields))
        {
            request.Headers.Add(name, "1");
        }

        return request;
    }

    private HttpRequestMessage Post(HttpContent content) => new(HttpMethod.Post, Server.Address) { Content = content };

    private long CreatedAfterNow(RawRequest request)
    {
        string input = request["signature-input"];
        int start = input.IndexOf(";created=", StringComparison.Ordinal) + ";created=".Length;
        return long.Parse(input[start..input.IndexOf(';', start)], CultureInfo.InvariantCulture) - Time.GetUtcNow().ToUnixTimeSeconds();
    }
}
