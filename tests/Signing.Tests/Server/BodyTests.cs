using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

public sealed class BodyTests
{
    private const int OneMebibyte = 1024 * 1024;

    public static TheoryData<int, int?, bool, int> Shapes()
    {
        var shapes = new TheoryData<int, int?, bool, int>();
        foreach (int bytes in (int[])[1, 1000, 65_537, OneMebibyte, 10 * OneMebibyte])
        {
            foreach (bool http2 in (bool[])[false, true])
            {
                shapes.Add(bytes, null, http2, 10 * OneMebibyte);
                shapes.Add(bytes, 8000, http2, 10 * OneMebibyte);
            }
        }

        return shapes;
    }

    [Theory]
    [Trait("Protocol", "G2")]
    [MemberData(nameof(Shapes))]
    public async Task A_content_of_any_shape_is_checked_and_then_read_by_the_endpoint_from_its_beginning(int bytes, int? chunk, bool http2, int limit)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Signature = options => options.Body.MaxBytes = limit });
        RequestDraft draft = Post(host, RandomNumberGenerator.GetBytes(bytes));
        draft.ChunkBytes = chunk;

        RawAnswer answer = await SendAsync(host, draft, http2);

        Assert.Equal((200, ApiHost.Key), (answer.Status, answer.User));
        Assert.Equal(draft.Body, answer.Body);
        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData("/pipe", "text/plain", "as it is", "as it is")]
    [InlineData("/form", "application/x-www-form-urlencoded", "name=a+b&x=1", "a b")]
    [InlineData("/json", "application/json", "{\"name\":\"json\"}", "json")]
    public async Task The_endpoint_reads_the_content_in_its_own_way(string path, string type, string content, string expected)
    {
        foreach (Door door in Enum.GetValues<Door>())
        {
            await using ApiHost host = await ApiHost.StartAsync(door);
            foreach (int? chunk in (int?[])[null, 3])
            {
                RequestDraft draft = host.Draft("POST", path, Encoding.UTF8.GetBytes(content)).With("Content-Type", type);
                draft.ChunkBytes = chunk;

                RawAnswer answer = await host.SendAsync(draft);

                Assert.Equal((200, expected), (answer.Status, answer.Text));
            }
        }
    }

    [Theory]
    [InlineData("form", false)]
    [InlineData("form", true)]
    [InlineData("stream", false)]
    [InlineData("a part", false)]
    public async Task Whoever_reads_a_content_before_the_door_is_told_of_it_in_the_log(string how, bool http2)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Before = app => app.Use(ReadAsync) });
        RequestDraft draft = Post(host, "name=tea"u8.ToArray());
        draft.Fields.Add(("Content-Type", "application/x-www-form-urlencoded"));
        RequestDraft altered = Post(host, "name=tea"u8.ToArray());
        altered.Fields.Add(("Content-Digest", RequestDraft.DigestOf([1])));
        altered.Target = "/untouched";

        RawAnswer answer = await SendAsync(host, draft, http2);
        LogLine told = Assert.Single(host.Log.Lines, line => line is { Id: 11, Category: "Signing.AspNetCore" });
        RawAnswer untouched = await SendAsync(host, altered, http2);

        Assert.Equal((401, "digest_mismatch"), (answer.Status, answer.Code));
        Assert.Equal((LogLevel.Warning, true), (told.Level, told.Text.Contains("EnableBuffering", StringComparison.Ordinal)));
        Assert.Equal((401, "digest_mismatch"), (untouched.Status, untouched.Code));
        Assert.Single(host.Log.Lines, line => line is { Id: 11, Category: "Signing.AspNetCore" });

        async Task ReadAsync(HttpContext context, RequestDelegate next)
        {
            if (context.Request.Path != "/untouched")
            {
                Task reading = how switch
                {
                    "form" => context.Request.ReadFormAsync(context.RequestAborted),
                    "stream" => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted),
                    _ => context.Request.Body.ReadExactlyAsync(new byte[3], context.RequestAborted).AsTask(),
                };
                await reading;
            }

            await next(context);
        }
    }

    [Fact]
    public async Task A_content_that_was_made_seekable_before_is_read_and_rewound()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Signature = options => options.Body.MaxBytes = 100_000,
            Before = app => app.Use(next => async context =>
            {
                context.Request.EnableBuffering();
                byte[] peek = new byte[2];
                await context.Request.Body.ReadExactlyAsync(peek, context.RequestAborted);
                context.Request.Body.Position = context.Request.Path == "/behind" ? peek.Length : 0;
                await next(context);
            }),
        });
        RequestDraft draft = Post(host, RandomNumberGenerator.GetBytes(100_000));
        RequestDraft undigested = Post(host, [1, 2, 3]);
        undigested.WithDigest = false;
        undigested.ChunkBytes = 2;
        RequestDraft altered = Post(host, [1, 2, 3]);
        altered.Fields.Add(("Content-Digest", RequestDraft.DigestOf([1, 2, 4])));
        RequestDraft longer = Post(host, new byte[100_001]);
        longer.ChunkBytes = 50_000;
        RequestDraft behind = Post(host, [1, 2, 3]);
        behind.Target = "/behind";

        Assert.Equal(draft.Body, (await host.SendAsync(draft)).Body);
        Assert.Equal("missing_digest", (await host.SendAsync(undigested)).Code);
        Assert.Equal("digest_mismatch", (await host.SendAsync(altered)).Code);
        Assert.Equal("body_too_large", (await host.SendAsync(longer)).Code);
        Assert.Equal([3], (await host.SendAsync(behind)).Body);
    }

    [Theory]
    [InlineData(Door.Middleware, "/")]
    [InlineData(Door.Scheme, "/")]
    [InlineData(Door.Middleware, "/signing/diagnostics")]
    [InlineData(Door.Scheme, "/signing/diagnostics")]
    public async Task A_caller_who_leaves_with_the_refusal_in_hand_leaves_no_read_open_behind(Door door, string target)
    {
        ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Environment = "Development",
            Map = app => app.MapSigningDiagnostics(),
            Before = app => app.Use(next => context =>
            {
                // The server comes to what is left of the content only when it knows that the caller has left.
                var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().ConnectionClosed.Register(gone.SetResult);
                context.Response.OnCompleted(() => gone.Task);
                return next(context);
            }),
        });
        await using (host)
        {
            for (int round = 0; round < 30; round++)
            {
                RequestDraft altered = host.Draft("POST", target, [1, 2, 3]);
                altered.Fields.Add(("Content-Digest", RequestDraft.DigestOf([1, 2, 4])));

                Assert.Contains("\"digest_mismatch\"", (await host.SendAsync(altered)).Text, StringComparison.Ordinal);
            }
        }

        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("pipe")]
    public async Task A_content_from_a_stream_that_another_middleware_put_in_place_is_not_lost(string read)
    {
        byte[]? seen = null;
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Before = app => app.Use(next => context =>
            {
                context.Request.Body = new UnsizedStream(Encoding.UTF8.GetBytes(new string('a', 20_000)));
                return next(context);
            }),
            Map = app => app.MapPost("/read", async (HttpContext context) =>
            {
                using var copy = new MemoryStream();
                if (read == "pipe")
                {
                    await context.Request.BodyReader.CopyToAsync(copy, context.RequestAborted);
                }
                else
                {
                    await context.Request.Body.CopyToAsync(copy, context.RequestAborted);
                }

                seen = copy.ToArray();
            }),
        });

        RawAnswer answer = await host.SendAsync(host.Draft("POST", "/read", Encoding.UTF8.GetBytes(new string('a', 20_000))));

        Assert.Equal(200, answer.Status);
        Assert.Equal(20_000, seen!.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_content_from_a_stream_is_whole_for_an_open_endpoint_when_its_check_ends_early(bool digest)
    {
        byte[] content = Encoding.UTF8.GetBytes(new string('a', 20_000));
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Signature = options => options.Body.MaxBytes = 10,
            Before = app => app.Use(next => context =>
            {
                context.Request.ContentLength = null;
                context.Request.Body = new UnsizedStream(content);
                return next(context);
            }),
        });
        RequestDraft draft = host.Draft("POST", "/open", content);
        draft.WithDigest = digest;

        RawAnswer answer = await host.SendAsync(draft);

        Assert.Equal((200, "nobody"), (answer.Status, answer.User));
        Assert.Equal(content, answer.Body);
    }

    [Theory]
    [InlineData("/echo?x=%41", 200, "hello")]
    [InlineData("", 401, "missing_component")]
    public async Task A_server_other_than_Kestrel_is_served_if_it_tells_the_raw_target(string rawTarget, int status, string expected)
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder("Development");
        builder.WebHost.UseTestServer();
        var book = new CredentialBook();
        book.Set(new Credential(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret))));
        builder.Services.AddSingleton<ICredentialSource>(book).AddAuthentication().AddMessageSignature();
        await using WebApplication app = builder.Build();
        app.Use(next => context =>
        {
            // This server says nothing about what it received; only the test knows.
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = rawTarget;
            return next(context);
        });
        app.UseMessageSignature();
        app.MapPost("/echo", (HttpContext context) => context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var draft = new RequestDraft("POST", "/echo?x=%41", "hello"u8.ToArray()) { Authority = "localhost", Created = TimeProvider.System.GetUtcNow() };
        using HttpRequestMessage request = draft.ToHttp2(80);
        request.Version = System.Net.HttpVersion.Version11;

        using HttpResponseMessage response = await app.GetTestClient().SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(expected, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_content_other_than_the_signed_one_is_refused(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        RequestDraft draft = Post(host, "amount=1000"u8.ToArray());
        draft.Fields.Add(("Content-Digest", RequestDraft.DigestOf("amount=1"u8.ToArray())));

        RawAnswer answer = await host.SendAsync(draft);

        Assert.Equal((401, "digest_mismatch", 0), (answer.Status, answer.Code, host.Calls));
    }

    [Theory]
    [Trait("Protocol", "V1")]
    [InlineData(null, false)]
    [InlineData(2, false)]
    [InlineData(null, true)]
    [InlineData(2, true)]
    public async Task A_content_without_a_covered_digest_is_refused(int? chunk, bool http2)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = Post(host, "content"u8.ToArray());
        draft.WithDigest = false;
        draft.ChunkBytes = chunk;

        RawAnswer answer = await SendAsync(host, draft, http2);

        Assert.Equal((401, "missing_digest", 0), (answer.Status, answer.Code, host.Calls));
        Assert.Contains("\"content-digest\"", answer["Accept-Signature"], StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Protocol", "G5")]
    [InlineData(null, false)]
    [InlineData(2, false)]
    [InlineData(null, true)]
    [InlineData(2, true)]
    public async Task An_empty_content_needs_no_digest_and_may_have_one(int? chunk, bool http2)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft without = Post(host, []);
        without.WithDigest = false;
        without.ChunkBytes = chunk;
        RequestDraft with = Post(host, []);
        with.ChunkBytes = chunk;

        Assert.Equal(200, (await SendAsync(host, without, http2)).Status);
        Assert.Equal(200, (await SendAsync(host, with, http2)).Status);
    }

    [Fact]
    [Trait("Protocol", "G5")]
    public async Task A_digest_proves_that_no_content_was_taken_away()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft taken = host.Draft("POST", "/").With("Content-Digest", RequestDraft.DigestOf("pay"u8.ToArray()));
        RequestDraft none = host.Draft("POST", "/").With("Content-Digest", RequestDraft.DigestOf([]));

        Assert.Equal("digest_mismatch", (await host.SendAsync(taken)).Code);
        Assert.Equal(200, (await host.SendAsync(none)).Status);
    }

    [Theory]
    [Trait("Protocol", "G7")]
    [InlineData(null, false)]
    [InlineData(1000, false)]
    [InlineData(null, true)]
    [InlineData(1000, true)]
    public async Task One_byte_over_the_limit_is_refused_and_the_limit_itself_is_not(int? chunk, bool http2)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Signature = options => options.Body.MaxBytes = 10_000 });
        RequestDraft within = Post(host, new byte[10_000]);
        within.ChunkBytes = chunk;
        RequestDraft over = Post(host, new byte[10_001]);
        over.ChunkBytes = chunk;

        Assert.Equal(200, (await SendAsync(host, within, http2)).Status);
        RawAnswer refused = await SendAsync(host, over, http2);

        Assert.Equal((413, "body_too_large", 1), (refused.Status, refused.Code, host.Calls));
    }

    [Fact]
    public async Task A_length_over_the_limit_is_refused_before_the_first_byte_of_content()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = Post(host, new byte[SignatureBodyOptions.DefaultMaxBytes + 1]);
        byte[] message = draft.ToHttp1();
        await using RawHttp connection = await RawHttp.ConnectAsync(host.Port);

        await connection.SendAsync(message[..^draft.Body!.Length]);
        RawAnswer answer = await connection.ReadAsync();

        Assert.Equal((413, "body_too_large"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("unknown key")]
    [InlineData("wrong MAC")]
    [InlineData("suspended")]
    [InlineData("no signature")]
    public async Task Nobody_but_the_holder_of_a_valid_credential_gets_its_content_read(string why)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        host.Credentials.Set(new Credential("suspended", new CredentialSecret(new SigningKey("suspended", ApiHost.Secret))) { Status = StoredStatus.Suspended });
        RequestDraft draft = Post(host, "content"u8.ToArray());
        draft.KeyId = why switch { "unknown key" => "unknown", "suspended" => "suspended", _ => draft.KeyId };
        draft.Secret += why == "wrong MAC" ? "x" : "";
        draft.Signed = why != "no signature";
        await using RawHttp connection = await RawHttp.ConnectAsync(host.Port);

        // The content never comes, and the answer does not wait for it.
        await connection.SendAsync(draft.ToHttp1()[..^draft.Body!.Length]);

        Assert.Equal(401, (await connection.ReadAsync()).Status);
    }

    [Fact]
    public async Task The_content_is_asked_for_only_after_the_MAC()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft good = Post(host, "content"u8.ToArray()).With("Expect", "100-continue");
        RequestDraft forged = Post(host, "content"u8.ToArray()).With("Expect", "100-continue");
        forged.Secret += "x";
        await using RawHttp first = await RawHttp.ConnectAsync(host.Port);
        await using RawHttp second = await RawHttp.ConnectAsync(host.Port);

        await first.SendAsync(good.ToHttp1()[..^7]);
        Assert.Equal("HTTP/1.1 100 Continue", await first.ReadStatusLineAsync());
        await first.SendAsync(good.Body!);
        await second.SendAsync(forged.ToHttp1()[..^7]);

        Assert.Equal(200, (await first.ReadAsync()).Status);
        Assert.Equal("HTTP/1.1 401 Unauthorized", await second.ReadStatusLineAsync());
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task The_server_s_own_limit_keeps_its_own_answer(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Door = door, Kestrel = kestrel => kestrel.Limits.MaxRequestBodySize = 5000 });
        foreach (int? chunk in (int?[])[null, 100])
        {
            RequestDraft draft = Post(host, new byte[5001]);
            draft.ChunkBytes = chunk;

            Assert.Equal(413, (await host.SendAsync(draft)).Status);
        }

        Assert.Equal(0, host.Calls);
        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Chunks_that_are_no_chunks_are_400(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        RequestDraft draft = Post(host, "content"u8.ToArray());
        draft.ChunkBytes = 100;
        string message = Encoding.Latin1.GetString(draft.ToHttp1());

        RawAnswer answer = await host.SendAsync(message.Replace("\r\n7\r\n", "\r\nzz\r\n", StringComparison.Ordinal));

        Assert.Equal((400, 0), (answer.Status, host.Calls));
        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_caller_that_sends_too_slowly_is_told_408(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Kestrel = kestrel => kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(100_000, TimeSpan.FromSeconds(1.1)),
        });
        RequestDraft draft = Post(host, new byte[50_000]);
        await using RawHttp connection = await RawHttp.ConnectAsync(host.Port);

        await connection.SendAsync(draft.ToHttp1()[..^40_000]);

        Assert.Equal(408, (await connection.ReadAsync()).Status);
        Assert.Equal(0, host.Calls);
        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData(Door.Scheme, null, "/echo")]
    [InlineData(Door.Scheme, 5, "/echo")]
    [InlineData(Door.Scheme, null, "/open")]
    [InlineData(Door.Scheme, 5, "/open")]
    [InlineData(Door.Middleware, null, "/echo")]
    [InlineData(Door.Middleware, 5, "/echo")]
    [InlineData(Door.Middleware, null, "/open")]
    [InlineData(Door.Middleware, 5, "/open")]
    public async Task A_caller_that_goes_away_within_its_content_is_no_error_and_burns_nothing(Door door, int? chunk, string path)
    {
        var ended = new TaskCompletionSource<int>();
        await using ApiHost host = await StartAsync(door, ended);
        RequestDraft draft = host.Draft("POST", path, "some content"u8.ToArray()).With("Expect", "100-continue");
        draft.ChunkBytes = chunk;
        string message = Encoding.Latin1.GetString(draft.ToHttp1());
        int body = message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        await using (RawHttp connection = await RawHttp.ConnectAsync(host.Port))
        {
            // The invitation to send shows that the server is reading.
            await connection.SendAsync(message[..body]);
            Assert.Equal("HTTP/1.1 100 Continue", await connection.ReadStatusLineAsync());
            await connection.SendAsync(message[body..^4]);
            connection.EndSending();
            await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        RawAnswer again = await host.SendAsync(draft);

        Assert.Equal(200, again.Status);
        Assert.Equal(ApiHost.Key, again.User);
        Assert.InRange(host.Calls, 1, path == "/open" ? 2 : 1);
        // Kestrel may warn that it cannot go on with the connection; nobody's code has failed.
        Assert.DoesNotContain(host.Log.Alarms, line => line.Level >= LogLevel.Error);
    }

    [Theory]
    [InlineData(Door.Scheme, null)]
    [InlineData(Door.Scheme, 5)]
    [InlineData(Door.Middleware, null)]
    [InlineData(Door.Middleware, 5)]
    public async Task A_caller_who_ends_its_side_within_its_content_raises_no_alarm(Door door, int? chunk)
    {
        var ended = new TaskCompletionSource<int>();
        await using ApiHost host = await StartAsync(door, ended);
        RequestDraft draft = Post(host, "some content"u8.ToArray());
        draft.ChunkBytes = chunk;
        await using RawHttp connection = await RawHttp.ConnectAsync(host.Port);

        await connection.SendAsync(draft.ToHttp1()[..^4]);
        connection.EndSending();
        int status = await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        // A host that has stopped has said everything.
        await host.App.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal((400, 0), (status, host.Calls));
        Assert.DoesNotContain(host.Log.Lines, line => line.Level >= LogLevel.Error);
    }

    [Theory]
    [InlineData(Door.Scheme, true)]
    [InlineData(Door.Scheme, false)]
    [InlineData(Door.Middleware, true)]
    [InlineData(Door.Middleware, false)]
    public async Task A_stream_that_is_reset_within_its_content_is_no_error_and_burns_nothing(Door door, bool digest)
    {
        var ended = new TaskCompletionSource<int>();
        await using ApiHost host = await StartAsync(door, ended);
        RequestDraft draft = Post(host, digest ? "some content"u8.ToArray() : []);
        draft.Authority = host.Http2Authority;
        draft.WithDigest = digest;
        (string Name, string Value)[] fields = [.. draft.ToHttp2Fields()];

        // The invitation to send shows that the server is reading; without a digest it waits to see that there is nothing.
        RawAnswer again = await RawHttp2.SendAfterResetAsync(
            host.Http2Port, [.. fields, ("expect", "100-continue")], digest ? draft.Body![..5] : [], fields, draft.Body);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal((200, ApiHost.Key), (again.Status, again.User));
        Assert.Equal(1, host.Calls);
        Assert.Empty(host.Log.Alarms);
    }

    [Fact]
    [Trait("Protocol", "V1")]
    public async Task A_read_that_brings_nothing_does_not_prove_that_there_is_no_content()
    {
        var judging = new TaskCompletionSource();
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Before = app => app.Use(next => async context =>
            {
                // As a middleware does that has given up waiting for the content.
                context.Request.BodyReader.CancelPendingRead();
                Task judged = next(context);
                judging.TrySetResult();
                await judged;
            }),
        });
        RequestDraft draft = Post(host, "amount=1000"u8.ToArray());
        draft.WithDigest = false;
        draft.ChunkBytes = 100;
        string message = Encoding.Latin1.GetString(draft.ToHttp1());
        int body = message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        await using RawHttp connection = await RawHttp.ConnectAsync(host.Port);

        await connection.SendAsync(message[..body]);
        await judging.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await connection.SendAsync(message[body..]);
        RawAnswer answer = await connection.ReadAsync();

        Assert.Equal((401, "missing_digest", 0), (answer.Status, answer.Code, host.Calls));
    }

    [Theory]
    [Trait("Protocol", "V1")]
    [InlineData("Content-Length: 0\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 0")]
    public async Task A_length_of_zero_does_not_hide_chunks(string framing)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        string head = Encoding.Latin1.GetString(host.Draft("POST", "/echo").ToHttp1());

        RawAnswer answer = await host.SendAsync($"{head[..^2]}{framing}\r\n\r\nb\r\namount=1000\r\n0\r\n\r\n");

        Assert.Equal((401, "missing_digest", 0), (answer.Status, answer.Code, host.Calls));
    }

    [Fact]
    [Trait("Protocol", "G2")]
    public async Task The_digest_is_that_of_the_bytes_sent_and_decompression_comes_after_it()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Build = builder => builder.Services.AddRequestDecompression(),
            After = app => app.UseRequestDecompression(),
        });
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("unpacked"u8);
        }

        RequestDraft draft = Post(host, packed.ToArray()).With("Content-Encoding", "gzip");

        Assert.Equal("unpacked", (await host.SendAsync(draft)).Text);
    }

    [Fact]
    public async Task A_connection_goes_on_after_a_checked_content()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await using RawHttp connection = await RawHttp.ConnectAsync(host.Port);
        for (int i = 0; i < 5; i++)
        {
            RequestDraft draft = Post(host, RandomNumberGenerator.GetBytes(20_000));
            draft.ChunkBytes = i % 2 == 0 ? null : 777;

            await connection.SendAsync(draft.ToHttp1());

            Assert.Equal(draft.Body, (await connection.ReadAsync()).Body);
        }
    }

    /// <summary>Starts a host that tells with which status its first request has left the pipeline.</summary>
    private static Task<ApiHost> StartAsync(Door door, TaskCompletionSource<int> ended) => ApiHost.StartAsync(new ApiHostSettings
    {
        Door = door,
        Before = app => app.Use(next => async context =>
        {
            try
            {
                await next(context);
            }
            finally
            {
                ended.TrySetResult(context.Response.StatusCode);
            }
        }),
    });

    private static RequestDraft Post(ApiHost host, byte[] body) => host.Draft("POST", "/echo", body);

    private static Task<RawAnswer> SendAsync(ApiHost host, RequestDraft draft, bool http2)
    {
        draft.Authority = http2 ? host.Http2Authority : host.Authority;
        return http2 ? host.SendHttp2Async(draft) : host.SendAsync(draft);
    }
}
