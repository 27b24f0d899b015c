using System.Buffers;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

public sealed class ResponseSignatureTests
{
    [Theory]
    [InlineData(Door.Middleware)]
    [InlineData(Door.Scheme)]
    [Trait("Protocol", "B6")]
    public async Task The_response_of_a_marked_endpoint_is_signed_with_the_key_of_its_request(Door door)
    {
        await using ApiHost api = await SigningHost.StartAsync(door: door);
        RequestDraft request = api.Draft("GET", "/signed?a=b");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal((200, SigningHost.Text), (answer.Status, answer.Text));
        AnswerCheck.IsSigned(request, answer);
        Assert.Equal("8", answer["Content-Length"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_WebApplication_authenticates_before_all_else_the_response_is_signed_too(bool secondDoor)
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        var clock = new ManualTimeProvider();
        var credentials = new CredentialBook();
        credentials.Set(new Credential(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret))));
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<ICredentialSource>(credentials).AddAuthorization().AddResponseSignature();
        builder.Services.AddAuthentication().AddMessageSignature();
        await using WebApplication app = builder.Build();
        app.UseResponseSignature();
        _ = secondDoor ? app.UseMessageSignature() : app;
        app.MapGet("/signed", SigningHost.JsonAsync).RequireAuthorization().SignResponse();
        await app.StartAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(10));
        var address = new Uri(app.Urls.First());
        var request = new RequestDraft("GET", "/signed", null) { Authority = address.Authority, Created = clock.GetUtcNow() };
        await using RawHttp connection = await RawHttp.ConnectAsync(address.Port);
        RequestDraft wrong = new RequestDraft("GET", "/signed", null) { Authority = address.Authority, Created = clock.GetUtcNow(), Secret = "another secret, long enough" };

        await connection.SendAsync(request.ToHttp1());
        AnswerCheck.IsSigned(request, await connection.ReadAsync());

        // Nothing of the request before is left on its connection.
        await connection.SendAsync(wrong.ToHttp1());
        AnswerCheck.IsUnsigned(await connection.ReadAsync());
    }

    [Fact]
    public async Task Over_HTTP2_the_response_is_signed_too()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        RequestDraft request = api.Draft("POST", "/signed", "x"u8.ToArray());
        request.Authority = api.Http2Authority;
        request.Scheme = "http";

        RawAnswer answer = await api.SendHttp2Async(request);

        Assert.Equal(SigningHost.Text, answer.Text);
        AnswerCheck.IsSigned(request, answer);
    }

    [Fact]
    public async Task Other_endpoints_and_unknown_ones_are_not_signed_unless_all_are()
    {
        await using ApiHost some = await SigningHost.StartAsync();
        AnswerCheck.IsUnsigned(await some.SendAsync(some.Draft("POST", "/", "x"u8.ToArray())));

        await using ApiHost all = await SigningHost.StartAsync(
            configure: options => options.Sign = SignedResponses.All, map: app => app.Map("/plain", () => "plain").DisableResponseSignature());
        RequestDraft request = all.Draft("POST", "/", "x"u8.ToArray());
        AnswerCheck.IsSigned(request, await all.SendAsync(request));
        AnswerCheck.IsUnsigned(await all.SendAsync(all.Draft("GET", "/plain")));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(304)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task A_response_without_content_is_signed_without_a_digest(int status)
    {
        await using ApiHost api = await SigningHost.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers["Content-Digest"] = RequestDraft.DigestOf("a GET would have this"u8.ToArray());
            return Task.CompletedTask;
        });
        RequestDraft request = api.Draft("GET", "/signed");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal((status, ""), (answer.Status, answer.Text));
        AnswerCheck.IsSigned(request, answer);
        Assert.Null(answer["Transfer-Encoding"]);
    }

    [Fact]
    public async Task HEAD_has_the_length_of_GET_and_a_signature_of_no_content()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        RequestDraft request = api.Draft("HEAD", "/signed");
        request.Authority = api.Http2Authority;

        RawAnswer answer = await api.SendHttp2Async(request);

        Assert.Equal((200, "", "8"), (answer.Status, answer.Text, answer["Content-Length"]));
        AnswerCheck.IsSigned(request, answer);
    }

    [Fact]
    public async Task Content_beside_a_status_that_has_none_is_not_signed_into_it()
    {
        await using ApiHost api = await SigningHost.StartAsync(context =>
        {
            context.Response.StatusCode = 204;
            return context.Response.WriteAsync("none", context.RequestAborted);
        });

        RawAnswer answer = await api.SendAsync(api.Draft("GET", "/signed"));

        Assert.Equal((204, ""), (answer.Status, answer.Text));
        Assert.Null(answer["Content-Digest"]);
    }

    public static TheoryData<string> Ways => ["text", "json", "pipe", "started pipe", "stream", "synchronous", "pieces", "file", "part of a file", "completed", "own digest"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task However_the_content_is_written_it_is_signed_and_whole(string way)
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "from a file", TestContext.Current.CancellationToken);
        await using ApiHost api = await SigningHost.StartAsync(context => WriteAsync(context, way, path));
        RequestDraft request = api.Draft("GET", "/signed");

        RawAnswer answer = await api.SendAsync(request);

        File.Delete(path);
        Assert.Equal(
            way switch
            {
                "json" => "{\"name\":\"tea\"}",
                "file" => "from a file",
                "part of a file" => "before a file",
                "pieces" => string.Concat(Enumerable.Repeat("0123456789", 5000)),
                _ => "content",
            },
            answer.Text);
        AnswerCheck.IsSigned(request, answer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_content_over_the_limit_is_sent_whole_without_a_signature_and_with_a_warning(bool announced)
    {
        byte[] content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789", 300)));
        await using ApiHost api = await SigningHost.StartAsync(
            async context =>
            {
                context.Response.ContentLength = announced ? content.Length : null;
                foreach (byte[] part in content.Chunk(700))
                {
                    await context.Response.BodyWriter.WriteAsync(part, context.RequestAborted);
                }
            },
            configure: options => options.MaxBytes = content.Length - 1);

        RawAnswer answer = await api.SendAsync(api.Draft("GET", "/signed"));

        Assert.Equal(content, answer.Body);
        AnswerCheck.IsUnsigned(answer);
        Assert.Null(answer["Content-Digest"]);
        Assert.Single(api.Log.Lines, line => line is { Id: 31, Level: LogLevel.Warning });
    }

    [Fact]
    public async Task A_content_of_exactly_the_limit_is_signed()
    {
        await using ApiHost api = await SigningHost.StartAsync(configure: options => options.MaxBytes = SigningHost.Text.Length);
        RequestDraft request = api.Draft("GET", "/signed");

        AnswerCheck.IsSigned(request, await api.SendAsync(request));
    }

    [Fact]
    public async Task An_endpoint_that_streams_is_not_held_back()
    {
        var received = new TaskCompletionSource();
        await using ApiHost api = await SigningHost.StartAsync(async context =>
        {
            context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            await context.Response.WriteAsync("first", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await received.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync(", last", context.RequestAborted);
        });
        RequestDraft draft = api.Draft("GET", "/signed");
        draft.Authority = api.Http2Authority;
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using HttpRequestMessage request = draft.ToHttp2(api.Http2Port);

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        received.SetResult();

        Assert.Equal("first, last", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.False(response.Headers.NonValidated.Contains("Signature"));
    }

    [Fact]
    public async Task A_failure_leaves_nothing_of_what_was_written_and_no_signature()
    {
        await using ApiHost api = await SigningHost.StartAsync(async context =>
        {
            await SigningHost.JsonAsync(context);
            throw new InvalidDataException("The endpoint fails.");
        });

        RawAnswer answer = await api.SendAsync(api.Draft("GET", "/signed"));

        Assert.Equal((500, ""), (answer.Status, answer.Text));
        AnswerCheck.IsUnsigned(answer);
    }

    [Fact]
    public async Task The_answer_of_an_error_handler_behind_it_is_signed_in_place_of_what_was_written()
    {
        await using ApiHost api = await SigningHost.StartAsync(
            async context =>
            {
                context.Response.BodyWriter.Write("half of"u8);
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
                context.Response.BodyWriter.Write(" an answer"u8);
                throw new InvalidDataException("The endpoint fails.");
            },
            after: app => app.UseExceptionHandler(failed => failed.Run(context => context.Response.WriteAsync("sorry", context.RequestAborted))));
        RequestDraft request = api.Draft("GET", "/signed");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal((500, "sorry"), (answer.Status, answer.Text));
        AnswerCheck.IsSigned(request, answer);
    }

    [Fact]
    public async Task The_answer_of_an_error_handler_outside_that_comes_through_once_more_is_signed_too()
    {
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings
        {
            Build = builder => builder.Services.AddResponseSignature(options => options.Sign = SignedResponses.All),
            Before = app => app.UseExceptionHandler("/sorry").UseResponseSignature(),
            Map = app =>
            {
                app.Map("/fails", async context =>
                {
                    await SigningHost.JsonAsync(context);
                    throw new InvalidDataException("The endpoint fails.");
                });
                app.Map("/sorry", context => context.Response.WriteAsync("sorry", context.RequestAborted));
            },
        });
        RequestDraft request = api.Draft("GET", "/fails");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal((500, "sorry"), (answer.Status, answer.Text));
        AnswerCheck.IsSigned(request, answer);
    }

    [Fact]
    public async Task Of_several_signatures_of_a_request_the_one_that_was_verified_is_covered()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        RequestDraft request = api.Draft("GET", "/signed");
        request.Label = "mine";
        request.SentInput = $"gate=(\"@method\" \"@authority\" \"@path\" \"@query\");created={request.Created.ToUnixTimeSeconds()};keyid=\"gateway\",  mine={request.SignatureParams}";
        request.SentSignature = $"gate=:{new string('A', 43)}=:, mine=:{request.Mac()}:";

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal(200, answer.Status);
        AnswerCheck.IsSigned(request, answer);
    }

    [Fact]
    public async Task A_caller_who_has_left_is_no_failure()
    {
        var entered = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        await using ApiHost api = await SigningHost.StartAsync(async context =>
        {
            await using CancellationTokenRegistration registration = context.RequestAborted.Register(left.SetResult);
            entered.SetResult();
            await left.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await context.Response.WriteAsync(SigningHost.Text, CancellationToken.None);
        });
        await using (RawHttp connection = await RawHttp.ConnectAsync(api.Port))
        {
            await connection.SendAsync(api.Draft("GET", "/signed").ToHttp1());
            await entered.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        RequestDraft next = api.Draft("POST", "/", "x"u8.ToArray());
        Assert.Equal(200, (await api.SendAsync(next)).Status);
        await api.App.StopAsync(TestContext.Current.CancellationToken);
        Assert.Empty(api.Log.Alarms);
    }

    [Fact]
    public async Task An_answer_that_is_given_content_outside_loses_its_signature()
    {
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings
        {
            Build = builder => builder.Services.AddResponseSignature(),
            Before = app => app.UseStatusCodePages("text/plain", "nothing here").UseResponseSignature(),
            Map = app => app.Map("/signed", () => Results.NotFound()).SignResponse(),
        });

        RawAnswer answer = await api.SendAsync(api.Draft("GET", "/signed"));

        Assert.Equal((404, "nothing here"), (answer.Status, answer.Text));
        AnswerCheck.IsUnsigned(answer);
    }

    [Fact]
    public async Task What_is_refused_is_not_signed_so_that_nobody_is_given_a_second_answer_to_one_request()
    {
        await using ApiHost api = await SigningHost.StartAsync(configure: options => options.Sign = SignedResponses.All);
        RequestDraft request = api.Draft("GET", "/signed");
        AnswerCheck.IsSigned(request, await api.SendAsync(request));

        RawAnswer replayed = await api.SendAsync(request);
        RequestDraft forged = api.Draft("GET", "/signed");
        forged.Secret = "another secret, long enough as well";
        RequestDraft unknown = api.Draft("GET", "/signed");
        unknown.KeyId = "key-two";
        RequestDraft unsigned = api.Draft("GET", "/signed");
        unsigned.Signed = false;
        RequestDraft changed = api.Draft("POST", "/signed", "content"u8.ToArray());
        changed.With("Content-Digest", RequestDraft.DigestOf("other"u8.ToArray()));

        Assert.Equal("replayed", replayed.Code);
        AnswerCheck.IsUnsigned(replayed);
        foreach ((RequestDraft draft, string code) in ((RequestDraft, string)[])[(forged, "invalid_credential"), (unknown, "invalid_credential"), (unsigned, "missing_signature"), (changed, "digest_mismatch")])
        {
            RawAnswer answer = await api.SendAsync(draft);
            Assert.Equal((401, code), (answer.Status, answer.Code));
            AnswerCheck.IsUnsigned(answer);
        }
    }

    [Fact]
    public async Task Whoever_is_known_and_may_not_do_this_is_told_so_under_a_signature()
    {
        await using ApiHost api = await SigningHost.StartAsync(map: app => app.Map("/api", () => "in").RequireConnectedApi("orders").SignResponse());
        RequestDraft request = api.Draft("GET", "/api");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal((403, "api_not_connected"), (answer.Status, answer.Code));
        AnswerCheck.IsSigned(request, answer);
    }

    [Fact]
    public async Task The_digest_is_that_of_the_compressed_content_which_is_what_is_sent()
    {
        string text = new('a', 3000);
        await using ApiHost api = await SigningHost.StartAsync(
            context => context.Response.WriteAsync(text, context.RequestAborted),
            build: builder => builder.Services.AddResponseCompression(options => options.MimeTypes = ["text/plain"]),
            before: app => app.UseResponseCompression(),
            after: app => app.Use((context, next) =>
            {
                context.Response.ContentType = "text/plain";
                return next(context);
            }));
        RequestDraft request = api.Draft("GET", "/signed").With("Accept-Encoding", "gzip");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal("gzip", answer["Content-Encoding"]);
        AnswerCheck.IsSigned(request, answer);
        Assert.Contains("\"content-encoding\"", AnswerCheck.Covered(answer));
        await using var plain = new GZipStream(new MemoryStream(answer.Body), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.Equal(text, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_set_when_the_response_starts_is_covered()
    {
        await using ApiHost api = await SigningHost.StartAsync(context =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.StatusCode = 202;
                context.Response.ContentType = "text/html";
                context.Response.Headers.Location = "/orders/8";
                return Task.CompletedTask;
            });
            return SigningHost.JsonAsync(context);
        });
        RequestDraft request = api.Draft("GET", "/signed");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal((202, "text/html"), (answer.Status, answer["Content-Type"]));
        AnswerCheck.IsSigned(request, answer);
        Assert.Contains("\"location\"", AnswerCheck.Covered(answer));
    }

    [Fact]
    public async Task A_request_that_is_rewritten_after_it_was_verified_is_answered_as_it_was_signed()
    {
        SigningPolicy usual = new(MessageKind.Response);
        await using ApiHost api = await SigningHost.StartAsync(
            configure: options => options.Policy = new SigningPolicy(MessageKind.Response) { Components = [.. usual.Components, "\"@scheme\";req"] },
            after: app => app.Use((context, next) =>
            {
                context.Request.Method = "DELETE";
                context.Request.Scheme = "gopher";
                context.Request.Host = new HostString("inside.example");
                context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/inside";
                return next(context);
            }));
        RequestDraft request = api.Draft("POST", "/signed?a=b", "x"u8.ToArray());

        AnswerCheck.IsSigned(request, await api.SendAsync(request));
    }

    [Fact]
    public async Task Behind_a_gateway_the_response_is_bound_to_the_address_that_the_caller_sees()
    {
        await using ApiHost api = await SigningHost.StartAsync(signature: options => options.PublicOrigin = new Uri("https://api.example.com/v1"));
        RequestDraft request = api.Draft("GET", "/signed?a=b");
        request.SignedTarget = "/v1/signed?a=b";
        request.SignedAuthority = "api.example.com";

        AnswerCheck.IsSigned(request, await api.SendAsync(request));
    }

    [Fact]
    public async Task After_a_rotation_the_Secret_that_the_request_was_signed_with_signs_the_response()
    {
        const string Former = "the former secret of key one, kept a while";
        await using ApiHost api = await SigningHost.StartAsync();
        api.Credentials.Set(new Credential(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret)), new CredentialSecret(new SigningKey(ApiHost.Key, Former))));

        foreach (string secret in (string[])[ApiHost.Secret, Former])
        {
            RequestDraft request = api.Draft("GET", "/signed");
            request.Secret = secret;
            AnswerCheck.IsSigned(request, await api.SendAsync(request));
        }
    }

    [Fact]
    public async Task A_Secret_that_is_revoked_while_its_request_is_under_way_signs_nothing()
    {
        var key = new SigningKey(ApiHost.Key, ApiHost.Secret);
        await using ApiHost api = await SigningHost.StartAsync(context =>
        {
            key.Dispose();
            return SigningHost.JsonAsync(context);
        });
        api.Credentials.Set(new Credential(ApiHost.Key, new CredentialSecret(key)));

        RawAnswer answer = await api.SendAsync(api.Draft("GET", "/signed"));

        Assert.Equal((200, SigningHost.Text), (answer.Status, answer.Text));
        AnswerCheck.IsUnsigned(answer);
        Assert.Single(api.Log.Lines, line => line.Id == 30 && line.Text.Contains("invalid_credential", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_component_that_a_response_has_not_leaves_it_unsigned_and_is_logged()
    {
        await using ApiHost api = await SigningHost.StartAsync(configure: options => options.Policy = new SigningPolicy(MessageKind.Response) { Components = ["@status", "etag"] });

        RawAnswer answer = await api.SendAsync(api.Draft("GET", "/signed"));

        Assert.Equal(SigningHost.Text, answer.Text);
        AnswerCheck.IsUnsigned(answer);
        Assert.Single(api.Log.Lines, line => line.Id == 30 && line.Text.Contains("missing_component", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_endpoint_that_nothing_in_the_pipeline_signs_stops_the_start(bool registered, bool byAttribute)
    {
        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => ApiHost.StartAsync(new ApiHostSettings
        {
            Build = builder => _ = registered ? builder.Services.AddResponseSignature() : builder.Services,
            Map = app => _ = byAttribute ? app.Map("/marked", [SignResponse] () => "text") : app.Map("/marked", () => "text").SignResponse(),
        }));

        Assert.Contains("/marked", failure.Message, StringComparison.Ordinal);
        Assert.Contains("app.UseResponseSignature()", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_to_be_signed_needs_nothing_in_the_pipeline()
    {
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings
        {
            Build = builder => builder.Services.AddResponseSignature(),
            Map = app => app.MapGroup("").DisableResponseSignature().Map("/plain", [SignResponse(sign: false)] () => "plain"),
        });

        RawAnswer answer = await api.SendAsync(api.Draft("GET", "/plain"));

        Assert.Equal((200, "plain"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Where_nothing_verifies_either_a_marked_endpoint_throws()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        await using WebApplication app = builder.Build();
        app.MapGet("/marked", () => "text").SignResponse();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using HttpResponseMessage answer = await client.GetAsync(new Uri("/marked", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(500, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Where_the_middleware_stands_twice_the_outer_one_signs_all_that_leaves_it()
    {
        await using ApiHost api = await SigningHost.StartAsync(before: app => app.Use(async (context, next) =>
        {
            await next(context);
            await context.Response.WriteAsync(" and more", context.RequestAborted);
        }).UseResponseSignature());
        RequestDraft request = api.Draft("GET", "/signed");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal(SigningHost.Text + " and more", answer.Text);
        Assert.Single(answer.All("Signature-Input"));
        AnswerCheck.IsSigned(request, answer);
    }

    [Fact]
    public async Task The_middleware_without_its_services_stops_the_start()
    {
        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => ApiHost.StartAsync(new ApiHostSettings { Before = app => app.UseResponseSignature() }));

        Assert.Contains("AddResponseSignature", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy")]
    [InlineData("components")]
    [InlineData("digest")]
    [InlineData("limit")]
    [InlineData("sign")]
    public async Task Options_by_which_nothing_could_be_signed_stop_the_start(string what) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => SigningHost.StartAsync(configure: options =>
        {
            options.Policy = what switch
            {
                "policy" => new SigningPolicy(),
                "components" => new SigningPolicy(MessageKind.Response) { Components = ["content-type"] },
                _ => options.Policy,
            };
            options.Digest = what == "digest" ? DigestAlgorithms.None : options.Digest;
            options.MaxBytes = what == "limit" ? -1 : options.MaxBytes;
            options.Sign = what == "sign" ? (SignedResponses)7 : options.Sign;
        }));

    [Fact]
    public async Task Parallel_callers_each_get_the_answer_to_their_own_request()
    {
        await using ApiHost api = await SigningHost.StartAsync(context => context.Response.WriteAsync(context.Request.QueryString.Value!, context.RequestAborted));

        await Parallel.ForAsync(0, 200, TestContext.Current.CancellationToken, async (i, _) =>
        {
            RequestDraft request = api.Draft("GET", $"/signed?{i}");
            RawAnswer answer = await api.SendAsync(request);
            Assert.Equal($"?{i}", answer.Text);
            AnswerCheck.IsSigned(request, answer);
        });
    }

    private static async Task WriteAsync(HttpContext context, string way, string path)
    {
        HttpResponse response = context.Response;
        switch (way)
        {
            case "json":
                await response.WriteAsJsonAsync(new Dictionary<string, string> { ["name"] = "tea" }, context.RequestAborted);
                break;
            case "pipe":
                response.BodyWriter.Write("content"u8);
                break;
            case "started pipe":
                await response.StartAsync(context.RequestAborted);
                response.BodyWriter.Write("con"u8);
                await response.BodyWriter.FlushAsync(context.RequestAborted);
                await response.Body.WriteAsync("tent"u8.ToArray(), context.RequestAborted);
                break;
            case "stream":
                await response.Body.WriteAsync("con"u8.ToArray().AsMemory(), context.RequestAborted);
                await response.Body.FlushAsync(context.RequestAborted);
                await response.Body.WriteAsync("tent"u8.ToArray().AsMemory(), context.RequestAborted);
                break;
            case "synchronous":
                response.Body.Write("content"u8);
                response.Body.Flush();
                break;
            case "pieces":
                for (int i = 0; i < 5000; i++)
                {
                    await response.WriteAsync("0123456789", context.RequestAborted);
                }

                break;
            case "file":
                await response.SendFileAsync(path, context.RequestAborted);
                break;
            case "part of a file":
                response.BodyWriter.Write("before"u8);
                await response.SendFileAsync(path, offset: 4, count: null, context.RequestAborted);
                break;
            case "completed":
                await response.WriteAsync("content", context.RequestAborted);
                await response.CompleteAsync();
                break;
            case "own digest":
                response.Headers["Content-Digest"] = "sha-256=:AAAA:";
                await response.WriteAsync("content", context.RequestAborted);
                break;
            default:
                await response.WriteAsync("content", context.RequestAborted);
                break;
        }
    }
}
