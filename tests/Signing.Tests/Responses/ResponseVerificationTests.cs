using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

/// <summary>Our client and our server, over Kestrel, with somebody on the way.</summary>
public sealed class ResponseVerificationTests
{
    private const string OtherSecret = "the secret of another caller, long enough";

    static ResponseVerificationTests() => Canary.Watch(OtherSecret);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Door.Middleware, 1, HttpCompletionOption.ResponseContentRead)]
    [InlineData(Door.Middleware, 2, HttpCompletionOption.ResponseHeadersRead)]
    [InlineData(Door.Scheme, 1, HttpCompletionOption.ResponseHeadersRead)]
    [InlineData(Door.Scheme, 2, HttpCompletionOption.ResponseContentRead)]
    public async Task A_signed_answer_is_handed_on_with_its_content(Door door, int httpVersion, HttpCompletionOption completion)
    {
        await using ApiHost api = await SigningHost.StartAsync(door: door);
        using HttpClient client = Client(api, httpVersion: httpVersion);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signed?a=b") { Content = new StringContent("tea"), Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };

        using HttpResponseMessage response = await client.SendAsync(request, completion, Cancelled);

        Assert.Equal((HttpStatusCode.OK, SigningHost.Text), (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled)));
        Assert.Equal(("application/json", 8L), (response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentLength));
        Assert.Equal(httpVersion, response.Version.Major);
    }

    [Fact]
    public async Task Sent_synchronously_it_is_verified_too()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        using HttpClient client = Client(api);
        using HttpClient cautious = Client(api, options => options.Responses.MaxBytes = 3);

        using HttpResponseMessage response = client.Send(new HttpRequestMessage(HttpMethod.Get, "/signed"), Cancelled);
        using var reader = new StreamReader(response.Content.ReadAsStream(Cancelled));

        Assert.Equal(SigningHost.Text, await reader.ReadToEndAsync(Cancelled));
        MessageSigningException refused = Assert.Throws<MessageSigningException>(() => cautious.Send(new HttpRequestMessage(HttpMethod.Get, "/signed"), Cancelled));
        Assert.Equal("body_too_large", refused.Code);
    }

    [Fact]
    public async Task Sent_synchronously_on_the_thread_of_a_page_it_waits_for_nothing_that_this_thread_would_have_to_do()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        using var client = new HttpMessageInvoker(new MessageSigningHandler(
            OptionsWith(),
            new SynchronousTampering(response =>
            {
                HttpContent sent = response.Content;
                response.Content = new StreamContent(new YieldingStream(sent.ReadAsStream(Cancelled)));
                foreach (KeyValuePair<string, HeaderStringValues> field in sent.Headers.NonValidated)
                {
                    response.Content.Headers.TryAddWithoutValidation(field.Key, field.Value);
                }
            })
            { InnerHandler = new SocketsHttpHandler { UseProxy = false } },
            api.Clock));
        var page = new BlockedContext();

        Task<(HttpStatusCode Status, SynchronizationContext? Left)> sending = Task.Factory.StartNew(
            () =>
            {
                SynchronizationContext.SetSynchronizationContext(page);
                using HttpResponseMessage response = client.Send(new HttpRequestMessage(HttpMethod.Get, $"http://{api.Authority}/signed"), Cancelled);
                SynchronizationContext? left = SynchronizationContext.Current;
                SynchronizationContext.SetSynchronizationContext(null);
                return (response.StatusCode, left);
            },
            Cancelled,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        Assert.Equal((HttpStatusCode.OK, page), await sending.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    [InlineData("GET", 404)]
    public async Task A_signed_answer_without_content_is_handed_on(string method, int status)
    {
        await using ApiHost api = await SigningHost.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return status == 200 ? SigningHost.JsonAsync(context) : Task.CompletedTask;
        });
        using HttpClient client = Client(api);

        using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/signed"), Cancelled);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal(method == "HEAD" ? 8 : 0, response.Content.Headers.ContentLength);
    }

    public static TheoryData<string, string> Twins => new()
    {
        { "status", "invalid_credential" },
        { "content", "digest_mismatch" },
        { "content cut short", "digest_mismatch" },
        { "content removed", "digest_mismatch" },
        { "content and digest", "invalid_credential" },
        { "digest removed", "missing_component" },
        { "digest of another algorithm added", "invalid_credential" },
        { "content type", "invalid_credential" },
        { "location added", "insufficient_coverage" },
        { "encoding added", "insufficient_coverage" },
        { "signature removed", "missing_signature" },
        { "signature input removed", "malformed_signature_input" },
        { "MAC changed", "invalid_credential" },
        { "key id of another", "invalid_credential" },
        { "answer to another request", "invalid_credential" },
        { "older answer to an equal request", "invalid_credential" },
        { "answer to another caller", "invalid_credential" },
        { "signature of the request", "unsupported_component" },
        { "signature of the request after a broken one", "unsupported_component" },
        { "unsigned refusal", "missing_signature" },
    };

    [Theory]
    [MemberData(nameof(Twins))]
    [Trait("Protocol", "B6")]
    [Trait("Protocol", "V1")]
    public async Task An_answer_that_was_tampered_with_is_never_handed_on(string what, string code)
    {
        await using ApiHost api = await SigningHost.StartAsync();
        api.Credentials.Set(new Credential("key-two", new CredentialSecret(new SigningKey("key-two", OtherSecret))));
        var answers = new ConcurrentQueue<HttpResponseMessage>();
        using HttpClient client = Client(api, tamper: async (request, response) =>
        {
            answers.Enqueue(response);
            return answers.Count < 2 ? response : await TamperAsync(api, what, request, response, answers.First());
        });
        using HttpResponseMessage genuine = await client.GetAsync(new Uri(what == "answer to another request" ? "/signed?id=8" : "/signed?id=7", UriKind.Relative), Cancelled);

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() =>
            client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/signed?id=7"), HttpCompletionOption.ResponseHeadersRead, Cancelled));

        Assert.Equal(HttpStatusCode.OK, genuine.StatusCode);
        Assert.Equal(code, refused.Code);
        Assert.Equal(code, Outcome.Of(refused.Status).Code);
        Assert.NotNull(refused.AnswerStatus);
        Assert.Contains(code, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\"id\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_being_asked_to_the_client_does_not_look_at_signatures_and_asks_for_none()
    {
        await using ApiHost api = await SigningHost.StartAsync(context => context.Response.WriteAsync(context.Request.Headers["Accept-Signature"].ToString(), context.RequestAborted));
        using HttpClient client = Client(api, options => options.Responses.Required = false, tamper: (_, response) => Task.FromResult(With(response, "Signature", "sig=:AAAA:")));

        Assert.Equal("", await client.GetStringAsync(new Uri("/signed", UriKind.Relative), Cancelled));
    }

    [Fact]
    [Trait("Protocol", "A2")]
    public async Task What_the_client_requires_it_asks_for_and_a_server_that_signs_on_demand_does()
    {
        await using ApiHost api = await SigningHost.StartAsync(configure: options => options.Sign = SignedResponses.WhenAsked);
        string? asked = null;
        string? given = null;
        using HttpClient client = Client(api, tamper: (request, response) =>
        {
            asked = request.Headers.NonValidated["Accept-Signature"].ToString();
            given = response.Headers.NonValidated["Signature-Input"].ToString();
            return Task.FromResult(response);
        });
        using HttpClient silent = Client(api, options => options.Responses.Ask = false);

        using HttpResponseMessage response = await client.PostAsync(new Uri("/orders", UriKind.Relative), new StringContent("tea"), Cancelled);

        Assert.Equal("tea", await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("sig=(\"@status\" \"@method\";req \"@authority\";req \"@path\";req \"@query\";req \"content-digest\" \"content-type\" \"signature\";req;key=\"sig\");created;alg=\"hmac-sha256\"", asked);
        Assert.StartsWith("sig2=(", given, StringComparison.Ordinal);
        await client.GetStringAsync(new Uri("/signed", UriKind.Relative), Cancelled);
        Assert.StartsWith(asked![..(asked!.IndexOf(')', StringComparison.Ordinal) + 1)], given, StringComparison.Ordinal);
        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => silent.GetAsync(new Uri("/orders", UriKind.Relative), Cancelled));
        Assert.Equal((SignatureStatus.MissingSignature, HttpStatusCode.OK), (refused.Status, refused.AnswerStatus));
    }

    [Fact]
    public async Task What_the_caller_asks_for_in_words_of_their_own_is_left_alone()
    {
        await using ApiHost api = await SigningHost.StartAsync(context =>
        {
            context.Response.Headers.ETag = "\"v1\"";
            return SigningHost.JsonAsync(context);
        });
        string? input = null;
        using HttpClient client = Client(
            api,
            options =>
            {
                VerificationPolicy usual = new(MessageKind.Response);
                options.Responses.Policy = new VerificationPolicy(MessageKind.Response) { RequiredComponents = [.. usual.RequiredComponents, "etag"], Tag = "a \"tag\"" };
            },
            tamper: (_, response) =>
            {
                input = response.Headers.NonValidated["Signature-Input"].ToString();
                return Task.FromResult(response);
            });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/signed");
        request.Headers.TryAddWithoutValidation("Accept-Signature", "mine=(\"etag\");tag=\"a \\\"tag\\\"\"");

        using HttpResponseMessage own = await client.SendAsync(request, Cancelled);
        Assert.StartsWith("sig=(", input, StringComparison.Ordinal);

        using HttpResponseMessage usual = await client.GetAsync(new Uri("/signed", UriKind.Relative), Cancelled);
        Assert.StartsWith("sig=(", input, StringComparison.Ordinal);
        Assert.EndsWith(";tag=\"a \\\"tag\\\"\"", input, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/long")]
    public async Task An_answer_that_the_server_does_not_sign_is_refused(string path)
    {
        await using ApiHost api = await SigningHost.StartAsync(
            configure: options => options.MaxBytes = 100,
            map: app => app.Map("/long", () => new string('a', 1000)).SignResponse());
        using HttpClient client = Client(api);

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => client.GetAsync(new Uri(path, UriKind.Relative), Cancelled));

        Assert.Equal((SignatureStatus.MissingSignature, HttpStatusCode.OK), (refused.Status, refused.AnswerStatus));
        Assert.Contains("no signature", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_arrives_as_an_exception_that_repeats_what_it_says_and_what_that_is_worth()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        using HttpClient client = Client(api, options => options.Secret = OtherSecret);

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => client.GetAsync(new Uri("/signed", UriKind.Relative), Cancelled));

        Assert.Equal((SignatureStatus.MissingSignature, HttpStatusCode.Unauthorized), (refused.Status, refused.AnswerStatus));
        Assert.Contains("invalid_credential, which nothing proves", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_refused_gives_its_connection_back_and_none_of_its_content_is_read()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        using var content = new CountingContent();
        using HttpClient client = Client(api, tamper: (_, response) =>
        {
            response.Content = content;
            return Task.FromResult(With(response, "Signature", null));
        });

        await Assert.ThrowsAsync<MessageSigningException>(() => client.GetAsync(new Uri("/signed", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancelled));

        Assert.Equal((true, 0), (content.IsDisposed, content.Count));
    }

    [Theory]
    [InlineData("too_old", true)]
    [InlineData("a\u001b[31mforged", false)]
    [InlineData("Ask_somebody_else", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task What_is_no_wire_code_is_not_repeated(string? code, bool repeated)
    {
        string told = code ?? new string('a', 65);
        using var answer = new HttpResponseMessage(HttpStatusCode.Unauthorized);
        answer.Headers.TryAddWithoutValidation("WWW-Authenticate", $"Signature error=\"{told}\"");
        await using ApiHost api = await SigningHost.StartAsync();
        using HttpClient client = Client(api, options => options.LearnFromServer = false, tamper: (_, _) => Task.FromResult(answer));

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => client.GetAsync(new Uri("/signed", UriKind.Relative), Cancelled));

        Assert.Equal(repeated, refused.Message.Contains(", which nothing proves", StringComparison.Ordinal));
        Assert.False(refused.Message.AsSpan().ContainsAnyExceptInRange(' ', '~'));
        Assert.InRange(refused.Message.Length, 1, 400);
    }

    [Fact]
    public async Task A_caller_who_waits_on_its_thread_for_content_that_never_ends_can_still_leave()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        using var endless = new EndlessStream();
        using var client = new HttpMessageInvoker(new MessageSigningHandler(
            OptionsWith(),
            new SynchronousTampering(response =>
            {
                var content = new StreamContent(endless);
                content.Headers.TryAddWithoutValidation("Content-Type", response.Content.Headers.NonValidated["Content-Type"].ToString());
                response.Content = content;
            })
            { InnerHandler = new SocketsHttpHandler { UseProxy = false } },
            api.Clock));

        await endless.LeaveAsync(client, new HttpRequestMessage(HttpMethod.Get, $"http://{api.Authority}/signed"));
    }

    [Fact]
    public async Task An_answer_of_exactly_the_limit_is_read_and_one_byte_more_is_not()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        using HttpClient exact = Client(api, options => options.Responses.MaxBytes = SigningHost.Text.Length);
        using HttpClient less = Client(api, options => options.Responses.MaxBytes = SigningHost.Text.Length - 1);

        Assert.Equal(SigningHost.Text, await exact.GetStringAsync(new Uri("/signed", UriKind.Relative), Cancelled));
        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => less.GetAsync(new Uri("/signed", UriKind.Relative), Cancelled));
        Assert.Equal(SignatureStatus.BodyTooLarge, refused.Status);
    }

    [Fact]
    public async Task Content_that_nothing_covers_is_refused_without_reading_more_of_it_than_a_piece()
    {
        // Signed as it is, and given content on its way.
        await using ApiHost api = await SigningHost.StartAsync(context => Task.CompletedTask);
        using HttpClient client = Client(api, tamper: (_, response) =>
        {
            response.Content = new StringContent("evil");
            response.Content.Headers.ContentType = null;
            return Task.FromResult(response);
        });

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => client.GetAsync(new Uri("/signed", UriKind.Relative), Cancelled));

        Assert.Equal(SignatureStatus.MissingDigest, refused.Status);
    }

    [Fact]
    public async Task An_inner_handler_that_decompresses_is_refused_before_anything_is_sent()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        using var sockets = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All };
        using var classic = new HttpClientHandler { AutomaticDecompression = DecompressionMethods.GZip };

        foreach (HttpMessageHandler inner in (HttpMessageHandler[])[sockets, classic])
        {
            using var client = new HttpMessageInvoker(new MessageSigningHandler(OptionsWith(), inner, api.Clock), disposeHandler: false);
            MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() =>
                client.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"http://{api.Authority}/signed"), Cancelled));
            Assert.Contains("AutomaticDecompression to None", refused.Message, StringComparison.Ordinal);
            Assert.Null(refused.AnswerStatus);
        }

        Assert.DoesNotContain(api.Log.Lines, line => line.Category == SignatureDefaults.TelemetryName);
    }

    [Fact]
    public async Task A_compressed_answer_is_verified_as_it_was_sent()
    {
        string text = new('a', 3000);
        await using ApiHost api = await SigningHost.StartAsync(
            context =>
            {
                context.Response.ContentType = "text/plain";
                return context.Response.WriteAsync(text, context.RequestAborted);
            },
            build: builder => builder.Services.AddResponseCompression(),
            before: app => app.UseResponseCompression());
        using HttpClient client = Client(api);
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");

        using HttpResponseMessage response = await client.GetAsync(new Uri("/signed", UriKind.Relative), Cancelled);

        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        await using var plain = new GZipStream(await response.Content.ReadAsStreamAsync(Cancelled), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.Equal(text, await reader.ReadToEndAsync(Cancelled));
    }

    [Theory]
    [InlineData(-1200)]
    [InlineData(-240)]
    [InlineData(4)]
    [InlineData(1200)]
    public async Task A_clock_that_a_request_is_accepted_by_is_good_enough_for_its_answer(int seconds)
    {
        await using ApiHost api = await SigningHost.StartAsync();
        api.Clock.Advance(TimeSpan.FromHours(1));
        using HttpClient client = Client(api, clock: new ManualTimeProvider(api.Clock.GetUtcNow().AddSeconds(seconds)));

        Assert.Equal(SigningHost.Text, await client.GetStringAsync(new Uri("/signed", UriKind.Relative), Cancelled));
    }

    [Fact]
    public async Task A_request_with_a_key_of_its_own_is_answered_with_that_key()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        api.Credentials.Set(new Credential("key-two", new CredentialSecret(new SigningKey("key-two", OtherSecret))));
        using HttpClient client = Client(api);
        using var other = new SigningKey("key-two", OtherSecret);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/signed");
        request.Options.Set(SigningOverrides.Key, other);

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Contains("keyid=\"key-two\"", response.Headers.NonValidated["Signature-Input"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_sent_unsigned_is_answered_as_it_is()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        using HttpClient client = Client(api);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/signed");
        request.Options.Set(SigningOverrides.Skip, true);

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_signed_refusal_of_an_endpoint_is_verified_as_it_was_written_whatever_else_looks_at_refusals()
    {
        const string Type = "application/problem+json;charset=UTF-8;  a=b";
        await using ApiHost api = await SigningHost.StartAsync(context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.ContentType = Type;
            context.Response.Headers.WWWAuthenticate = "Bearer  realm=x,Signature error=\"invalid_credential\"";
            return context.Response.WriteAsync("{}", context.RequestAborted);
        });
        using var client = new HttpMessageInvoker(new MessageSigningHandler(OptionsWith(), timeProvider: api.Clock, logger: new RecordedLog<MessageSigningHandler>()));

        using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"http://{api.Authority}/signed"), Cancelled);

        Assert.Equal(Type, response.Content.Headers.NonValidated["Content-Type"].ToString());
        Assert.Equal((HttpStatusCode.Unauthorized, "{}"), (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled)));
    }

    [Fact]
    public async Task A_signature_of_a_gateway_beside_it_denies_nothing()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        using HttpClient client = Client(api, tamper: (_, response) =>
        {
            string input = response.Headers.NonValidated["Signature-Input"].ToString();
            string signature = response.Headers.NonValidated["Signature"].ToString();
            With(response, "Signature-Input", "gate" + input["sig".Length..].Replace("key-one", "gateway", StringComparison.Ordinal) + ", " + input);
            return Task.FromResult(With(response, "Signature", $"gate=:{new string('A', 43)}=:, {signature}"));
        });

        Assert.Equal(SigningHost.Text, await client.GetStringAsync(new Uri("/signed", UriKind.Relative), Cancelled));
    }

    [Fact]
    public async Task Parallel_requests_of_one_client_are_not_mixed_up()
    {
        await using ApiHost api = await SigningHost.StartAsync(context => context.Response.WriteAsync(context.Request.QueryString.Value!, context.RequestAborted));
        using HttpClient client = Client(api);

        await Parallel.ForAsync(0, 200, Cancelled, async (i, cancelled) =>
            Assert.Equal($"?{i}", await client.GetStringAsync(new Uri($"/signed?{i}", UriKind.Relative), cancelled)));
    }

    [Fact]
    public void Options_by_which_no_answer_could_be_verified_are_refused()
    {
        Action<MessageSigningOptions>[] wrong =
        [
            options => options.Responses = null!,
            options => options.Responses.Policy = null!,
            options => options.Responses.Policy = new VerificationPolicy(),
            options => options.Responses.Policy = new VerificationPolicy(MessageKind.Response) { RequiredComponents = ["content-type"] },
            options => options.Responses.MaxBytes = -1,
            options => options.Policy = new SigningPolicy(MessageKind.Response),
        ];

        Assert.All(wrong, change => Assert.Throws<OptionsValidationException>(() => new MessageSigningHandler(OptionsWith(change))));
        Assert.Throws<OptionsValidationException>(() => new SignatureOptions { Policy = new VerificationPolicy(MessageKind.Response) }.Validate("Signature"));
    }

    [Fact]
    public void What_is_required_of_answers_is_read_from_configuration()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Key"] = ApiHost.Key,
            ["Secret"] = ApiHost.Secret,
            ["Responses:Required"] = "true",
            ["Responses:Ask"] = "false",
            ["Responses:MaxBytes"] = "77",
        }).Build();
        ServiceCollection services = new();
        services.AddHttpClient("orders").AddMessageSigning(configuration);
        services.AddHttpClient("slip").AddMessageSigning(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Responses:Require"] = "true" }).Build());
        using ServiceProvider provider = services.BuildServiceProvider();
        IOptionsMonitor<MessageSigningOptions> options = provider.GetRequiredService<IOptionsMonitor<MessageSigningOptions>>();

        ResponseVerificationOptions read = options.Get("orders").Responses;

        Assert.Equal((true, false, 77), (read.Required, read.Ask, read.MaxBytes));
        Assert.Throws<OptionsValidationException>(() => options.Get("slip"));
    }

    private sealed class SynchronousTampering(Action<HttpResponseMessage> change) : DelegatingHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = base.Send(request, cancellationToken);
            change(response);
            return response;
        }
    }

    private static async Task<HttpResponseMessage> TamperAsync(ApiHost api, string what, HttpRequestMessage request, HttpResponseMessage response, HttpResponseMessage earlier)
    {
        byte[] evil = Encoding.UTF8.GetBytes("{\"id\":8}");
        switch (what)
        {
            case "status":
                response.StatusCode = HttpStatusCode.Accepted;
                return response;
            case "content":
                return WithContent(response, evil);
            case "content cut short":
                return WithContent(response, Encoding.UTF8.GetBytes(SigningHost.Text[..4]));
            case "content removed":
                return WithContent(response, []);
            case "content and digest":
                return With(WithContent(response, evil), "Content-Digest", RequestDraft.DigestOf(evil));
            case "digest removed":
                return With(response, "Content-Digest", null);
            case "digest of another algorithm added":
                return With(response, "Content-Digest", response.Headers.NonValidated["Content-Digest"] + ", md5=:AAAA:");
            case "content type":
                response.Content.Headers.Remove("Content-Type");
                response.Content.Headers.TryAddWithoutValidation("Content-Type", "text/html");
                return response;
            case "location added":
                return With(response, "Location", "https://evil.example/");
            case "encoding added":
                response.Content.Headers.TryAddWithoutValidation("Content-Encoding", "identity");
                return response;
            case "signature removed":
                return With(With(response, "Signature", null), "Signature-Input", null);
            case "signature input removed":
                return With(response, "Signature-Input", null);
            case "MAC changed":
                return With(response, "Signature", $"sig=:{new string('A', 43)}=:");
            case "key id of another":
                return With(response, "Signature-Input", response.Headers.NonValidated["Signature-Input"].ToString().Replace("key-one", "key-two", StringComparison.Ordinal));
            case "answer to another request" or "older answer to an equal request":
                return WithSignatureOf(response, earlier);
            case "answer to another caller":
                using (var other = new HttpClient(new MessageSigningHandler(new MessageSigningOptions { Key = "key-two", Secret = OtherSecret }, timeProvider: api.Clock)))
                {
                    return WithSignatureOf(response, await other.GetAsync(new Uri($"http://{api.Authority}/signed?id=7"), Cancelled));
                }

            case "signature of the request":
                return With(With(response, "Signature", request.Headers.NonValidated["Signature"].ToString()), "Signature-Input", request.Headers.NonValidated["Signature-Input"].ToString());
            case "signature of the request after a broken one":
                return With(
                    With(response, "Signature", $"a=:AAAA:, {request.Headers.NonValidated["Signature"]}"), "Signature-Input", $"a=(\"@method\");created=1;keyid=\"key-one\", {request.Headers.NonValidated["Signature-Input"]}");
            default:
                return new HttpResponseMessage(HttpStatusCode.Unauthorized) { RequestMessage = request };
        }
    }

    private static HttpResponseMessage With(HttpResponseMessage response, string name, string? value)
    {
        response.Headers.Remove(name);
        if (value is not null)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    private static HttpResponseMessage WithSignatureOf(HttpResponseMessage response, HttpResponseMessage other) =>
        With(With(response, "Signature", other.Headers.NonValidated["Signature"].ToString()), "Signature-Input", other.Headers.NonValidated["Signature-Input"].ToString());

    private static HttpResponseMessage WithContent(HttpResponseMessage response, byte[] content)
    {
        string type = response.Content.Headers.NonValidated["Content-Type"].ToString();
        response.Content = new ByteArrayContent(content);
        response.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return response;
    }

    private static MessageSigningOptions OptionsWith(Action<MessageSigningOptions>? change = null)
    {
        var options = new MessageSigningOptions { Key = ApiHost.Key, Secret = ApiHost.Secret };
        options.Responses.Required = true;
        change?.Invoke(options);
        return options;
    }

    private static HttpClient Client(
        ApiHost api,
        Action<MessageSigningOptions>? change = null,
        Func<HttpRequestMessage, HttpResponseMessage, Task<HttpResponseMessage>>? tamper = null,
        TimeProvider? clock = null,
        int httpVersion = 1)
    {
        HttpMessageHandler inner = new SocketsHttpHandler { UseProxy = false };
        if (tamper is not null)
        {
            inner = new TamperingHandler(tamper) { InnerHandler = inner };
        }

        return new HttpClient(new MessageSigningHandler(OptionsWith(change), inner, clock ?? api.Clock))
        {
            BaseAddress = new Uri($"http://{(httpVersion == 2 ? api.Http2Authority : api.Authority)}/"),
            DefaultRequestVersion = httpVersion == 2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }
}
