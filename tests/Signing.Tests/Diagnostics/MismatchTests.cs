using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Signing.Client;
using Signing.Tests.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Diagnostics;

/// <summary>What a client makes of a 401 that carries the signature base.</summary>
public sealed class MismatchTests : ClientTestBase
{
    private const string Problem = "HTTP/1.1 401 No\r\nWWW-Authenticate: Signature error=\"invalid_credential\"\r\n";

    private readonly RecordedLog<MessageSigningHandler> _log = new();

    private IEnumerable<string> Warnings => _log.Lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal));

    [Theory]
    [InlineData("path", "\"@path\" was signed as /v1/orders and seen as /orders:")]
    [InlineData("host", "\"@authority\" was signed as 127.0.0.1:")]
    [InlineData("field", "\"content-type\" was signed as text/plain; charset=utf-8 and seen as text/plain:")]
    public async Task The_component_that_a_proxy_changed_is_named_in_one_line_and_the_answer_is_still_there_to_read(string changed, string expected)
    {
        await using ApiHost api = await StartAsync(changed);
        foreach (HttpCompletionOption completion in (HttpCompletionOption[])[HttpCompletionOption.ResponseContentRead, HttpCompletionOption.ResponseHeadersRead])
        {
            using HttpClient client = ClientOf(api);
            using HttpResponseMessage response = await client.SendAsync(Post(), completion, Cancelled);
            string text = await response.Content.ReadAsStringAsync(Cancelled);

            Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
            Assert.Contains("signature_base", text, StringComparison.Ordinal);
        }

        Assert.Equal(2, Warnings.Count());
        Assert.All(Warnings, line => Assert.Contains(expected, line, StringComparison.Ordinal));
        Assert.All(Warnings, line => Assert.Contains("127.0.0.1 did not see what was signed.", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task The_component_that_a_proxy_took_away_is_named(string environment)
    {
        await using ApiHost api = await StartAsync("gone", environment);
        using HttpClient client = ClientOf(api);

        using HttpResponseMessage response = await client.SendAsync(Post(), Cancelled);

        Assert.Contains("\"component\":\"\\u0022content-type\\u0022\"", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Contains("127.0.0.1 did not see what was signed. \"content-type\" did not arrive, or has no value there", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\\\"@path\\\"", 1)]
    [InlineData("@path", 0)]
    [InlineData("\\\"x-other\\\"", 0)]
    [InlineData("", 0)]
    [InlineData("\\\"@path\\\": /\\n\\\"@query\\\"", 0)]
    [InlineData("\\\"authorization\\\"", 1)]
    [InlineData("\\\"authorization\\\": Custom user", 0)]
    [InlineData("\\\"@signature-params\\\"", 0)]
    public async Task A_component_that_was_not_signed_is_not_repeated(string component, int warnings)
    {
        string body = $"{{\"component\":\"{component}\"}}";
        Server.Answer = (_, _) => $"{Problem.Replace("invalid_credential", "missing_component", StringComparison.Ordinal)}Content-Type: application/problem+json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        using HttpMessageInvoker client = Invoker();
        var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
        request.Headers.TryAddWithoutValidation("Authorization", "Custom user: password");

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(warnings, Warnings.Count());
    }

    [Fact]
    public async Task A_request_that_is_sent_without_waiting_asynchronously_is_explained_too()
    {
        await using ApiHost api = await StartAsync("path");
        using HttpClient client = ClientOf(api);

        using HttpResponseMessage response = client.Send(Post(), Cancelled);
        using var reader = new StreamReader(response.Content.ReadAsStream(Cancelled));

        Assert.Contains("signature_base", await reader.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
        Assert.Contains("\"@path\" was signed as /v1/orders", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_components_are_counted_and_the_first_is_explained()
    {
        await using ApiHost api = await StartAsync("path host");
        using HttpClient client = ClientOf(api);

        using HttpResponseMessage response = await client.SendAsync(Post(), Cancelled);

        Assert.Contains("\"@authority\" was signed as", Assert.Single(Warnings), StringComparison.Ordinal);
        Assert.EndsWith("Other components that differ: 1.", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_both_saw_the_same_it_is_the_Key_or_the_Secret()
    {
        await using ApiHost api = await StartAsync("");
        using HttpClient client = ClientOf(api, "another secret of sixteen bytes");

        using HttpResponseMessage response = await client.SendAsync(Post(), Cancelled);

        Assert.Contains("the Secret is not that of the Key", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Development", "token")]
    [InlineData("Production", "token")]
    public async Task A_token_that_differs_is_named_and_never_shown(string environment, string changed)
    {
        await using ApiHost api = await StartAsync(changed, environment);
        using HttpClient client = ClientOf(api);
        HttpRequestMessage request = Post();
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer the-callers-token");

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        string line = Assert.Single(Warnings);
        Assert.Contains("\"authorization\" was signed as (24 characters", line, StringComparison.Ordinal);
        Assert.DoesNotContain("token", line.Replace("\"authorization\"", "", StringComparison.Ordinal).Replace("swaps tokens", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_the_server_leaves_out_is_taken_to_be_the_same_if_it_is_as_long()
    {
        await using ApiHost api = await StartAsync("path", "Production");
        using HttpClient client = ClientOf(api);
        HttpRequestMessage request = Post();
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer the-callers-token");

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Contains("(24 characters, not shown)", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Contains("\"@path\" was signed as /v1/orders", Assert.Single(Warnings), StringComparison.Ordinal);
        Assert.DoesNotContain("Other components", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Type: application/json\r\n", "{\"signature_base\":\"\\\"@path\\\": /x\\n\\\"@signature-params\\\": (\\\"@path\\\")\"}")]
    [InlineData("Content-Type: application/problem+json\r\nContent-Encoding: gzip\r\n", "{\"signature_base\":\"\"}")]
    [InlineData("Content-Type: application/problem+json\r\nContent-Encoding: gzip\r\n", "{\"signature_base\":\"\\\"@path\\\": /x\\n\\\"@signature-params\\\": (\\\"@path\\\")\"}")]
    [InlineData("Content-Type: application/problem+json\r\n", "{\"code\":\"invalid_credential\"}")]
    [InlineData("Content-Type: application/problem+json\r\n", "{\"signature_base\":[{\"a\":1}]}")]
    [InlineData("Content-Type: application/problem+json\r\n", "{\"inner\":{\"signature_base\":\"no\"},\"signature_base\":\"no signature base\\r\\nWarning: forged\"}")]
    [InlineData("Content-Type: application/problem+json\r\n", "{\"signature_base\":\"\\ud800\"}")]
    [InlineData("Content-Type: application/problem+json\r\n", "{\"signature_base\":\"cut o")]
    [InlineData("Content-Type: application/problem+json\r\n", "[1,2]")]
    [InlineData("Content-Type: application/problem+json\r\n", "")]
    public async Task Whatever_else_an_answer_holds_is_left_to_the_caller(string headers, string body)
    {
        Server.Answer = (_, _) => $"{Problem}{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
        using HttpMessageInvoker client = Invoker();

        using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Equal((HttpStatusCode.Unauthorized, body), (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled)));
        Assert.Empty(Warnings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_an_answer_without_end_nothing_is_made_and_nothing_is_lost(bool lengthIsTold)
    {
        string body = "{\"signature_base\":\"" + new string('x', 200_000) + "\"}";
        Server.Answer = (_, _) => Problem + "Content-Type: application/problem+json\r\n" + (lengthIsTold
            ? $"Content-Length: {body.Length}\r\n\r\n{body}"
            : $"Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n");
        using HttpMessageInvoker client = Invoker();

        foreach (bool sync in (bool[])[false, true])
        {
            var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
            using HttpResponseMessage response = sync ? client.Send(request, Cancelled) : await client.SendAsync(request, Cancelled);
            Assert.Equal(body, await response.Content.ReadAsStringAsync(Cancelled));
        }

        Assert.Empty(Warnings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_breaks_off_fails_where_it_is_read_and_not_before(bool sync)
    {
        Server.Answer = (_, _) => Problem + "Content-Type: application/problem+json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"cod\r\nno chunk\r\n";
        using HttpMessageInvoker client = Invoker();
        var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);

        using HttpResponseMessage response = sync ? client.Send(request, Cancelled) : await client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task What_came_before_a_failure_is_read_before_it()
    {
        using var response = new HttpResponseMessage { Content = new StreamContent(new BrokenStream("{\"cod"u8.ToArray())) };

        Assert.True((await AnswerContent.PeekAsync(response, Cancelled)).IsEmpty);
        await using Stream content = await response.Content.ReadAsStreamAsync(Cancelled);
        byte[] start = new byte[5];
        content.ReadExactly(start.AsSpan(0, 2));
        await content.ReadExactlyAsync(start.AsMemory(2), Cancelled);

        Assert.Equal("{\"cod", Encoding.UTF8.GetString(start));
        Assert.Throws<IOException>(() => content.ReadExactly(start));
        await Assert.ThrowsAsync<IOException>(() => content.ReadExactlyAsync(start, Cancelled).AsTask());
    }

    [Theory]
    [InlineData(5_000, 10, 1)]
    [InlineData(10, 5_000, 1)]
    [InlineData(10, 40_000, 0)]
    public async Task A_server_does_not_fill_the_log(int nameLength, int valueLength, int lines)
    {
        Server.Answer = (request, _) =>
        {
            string input = request["signature-input"];
            string seen = $"\"@method\": GET\n\"@authority\": {request["host"]}\n\"@path\": /\n\"@query\": ?\n"
                + $"\"{new string('a', nameLength)}\": {new string('b', valueLength)}\n\"@signature-params\": {input[(input.IndexOf('=', StringComparison.Ordinal) + 1)..]}";
            string body = JsonSerializer.Serialize(new Dictionary<string, string> { ["signature_base"] = seen });
            return $"{Problem}Content-Type: application/problem+json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        };
        using HttpMessageInvoker client = Invoker();

        using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Equal(lines, Warnings.Count());
        Assert.All(Warnings, line => Assert.InRange(line.Length, 1, 1200));
        Assert.All(Warnings, line => Assert.StartsWith("Warning: 127.0.0.1 did not see what was signed. \"aaaaaaaaaa", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_caller_who_waits_on_its_thread_for_an_answer_that_never_ends_can_still_leave()
    {
        using var endless = new EndlessStream();
        var answer = new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = new StreamContent(endless) };
        answer.Headers.TryAddWithoutValidation("WWW-Authenticate", "Signature error=\"invalid_credential\"");
        answer.Content.Headers.TryAddWithoutValidation("Content-Type", "application/problem+json");
        using var client = new HttpMessageInvoker(new MessageSigningHandler(OptionsWith(), new Answers(answer), Time, _log));

        await endless.LeaveAsync(client, new HttpRequestMessage(HttpMethod.Get, "https://api.example/orders"));
    }

    [Fact]
    public async Task Over_plain_http_from_another_machine_nothing_is_believed()
    {
        const string Body = "{\"signature_base\":\"\\\"@path\\\": /x\\n\\\"@signature-params\\\": (\\\"@path\\\")\"}";
        Server.Answer = (_, _) => $"{Problem}Content-Type: application/problem+json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}";
        using HttpMessageInvoker client = Invoker();

        using HttpResponseMessage near = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);
        Assert.Single(Warnings);
        using HttpResponseMessage far = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://api.example/"), Cancelled);

        Assert.Single(Warnings);
        Assert.Equal(Body, await far.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task A_header_that_was_rewritten_behind_the_signer_is_told_as_that()
    {
        await using ApiHost api = await StartAsync("");
        var options = new MessageSigningOptions { Key = ApiHost.Key, Secret = ApiHost.Secret, LearnFromServer = false };
        var rewriting = new RelayHandler(RelayHandler.Enumerate) { InnerHandler = new SocketsHttpHandler() };
        using var client = new HttpClient(new MessageSigningHandler(options, rewriting, api.Clock, _log)) { BaseAddress = new Uri($"http://{api.Authority}") };
        HttpRequestMessage request = Post();
        request.Content!.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "text/plain;charset=utf-8");

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("was rewritten after it was signed", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_succeeds_costs_the_same_whether_or_not_somebody_would_read_a_mismatch()
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.OK);
        var options = new MessageSigningOptions { Key = KeyId, Secret = Secret };
        using var silent = new HttpMessageInvoker(new MessageSigningHandler(options, new Answers(answer)));
        using var listening = new HttpMessageInvoker(new MessageSigningHandler(options, new Answers(answer), logger: new Warned()));

        long without = Allocation.LeastOfWarmed(() => silent.Send(new HttpRequestMessage(HttpMethod.Get, "https://api.example/orders"), CancellationToken.None));
        long with = Allocation.LeastOfWarmed(() => listening.Send(new HttpRequestMessage(HttpMethod.Get, "https://api.example/orders"), CancellationToken.None));

        Assert.Equal(without, with);
    }

    private Task<ApiHost> StartAsync(string changed, string environment = "Development") => ApiHost.StartAsync(new ApiHostSettings
    {
        Environment = environment,
        Signature = options => options.ShowSignatureBase = environment == "Development" ? null : true,
        Before = app => app.Use((context, next) =>
        {
            // What proxies do.
            if (changed.Contains("path", StringComparison.Ordinal))
            {
                context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/orders";
            }

            if (changed.Contains("host", StringComparison.Ordinal))
            {
                context.Request.Headers.Host = "internal";
            }

            if (changed == "field")
            {
                context.Request.ContentType = "text/plain";
            }

            if (changed == "gone")
            {
                context.Request.Headers.ContentType = default;
            }

            if (changed == "token")
            {
                context.Request.Headers.Authorization = "Bearer a-token-of-the-gateway";
            }

            return next(context);
        }),
    });

    private HttpClient ClientOf(ApiHost api, string secret = ApiHost.Secret) =>
        new(new MessageSigningHandler(new MessageSigningOptions { Key = ApiHost.Key, Secret = secret }, timeProvider: api.Clock, logger: _log)) { BaseAddress = new Uri($"http://{api.Authority}") };

    private HttpMessageInvoker Invoker() => new(new MessageSigningHandler(OptionsWith(), Connection(), Time, _log));

    private sealed class Answers(HttpResponseMessage answer) : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => answer;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer);
    }

    private sealed class Warned : ILogger<MessageSigningHandler>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Canary.See(state, exception, formatter);
    }

    private sealed class BrokenStream(byte[] start) : MemoryStream(start)
    {
        private bool _isBroken;

        // After a failure a connection looks as if it had ended.
        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            if (read > 0 || _isBroken)
            {
                return read;
            }

            _isBroken = true;
            throw new IOException("cut");
        }

        public override int Read(Span<byte> buffer)
        {
            byte[] bytes = new byte[buffer.Length];
            int read = Read(bytes, 0, bytes.Length);
            bytes.AsSpan(0, read).CopyTo(buffer);
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
    }

    private static HttpRequestMessage Post() => new(HttpMethod.Post, "/v1/orders") { Content = new StringContent("tea") };
}
