using System.Buffers;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

/// <summary>The content of signed responses: kept until it is complete, whole in any case, and signed as it is sent.</summary>
public sealed class ResponseContentTests
{
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

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc-web+proto")]
    public async Task A_call_of_gRPC_ends_with_its_trailer_and_is_not_signed(string contentType)
    {
        await using ApiHost api = await SigningHost.StartAsync(async context =>
        {
            context.Response.ContentType = contentType;
            await context.Response.WriteAsync("message", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);

            // What servers of gRPC do: a status among the fields says that there was no message.
            (context.Response.HasStarted ? context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers : context.Response.Headers)["grpc-status"] = "0";
        });
        RequestDraft draft = api.Draft("POST", "/signed");
        draft.Authority = api.Http2Authority;
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using HttpRequestMessage request = draft.ToHttp2(api.Http2Port);

        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("message", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("0", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
        Assert.False(response.Headers.NonValidated.Contains("grpc-status"));
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_is_outside_writes_past_it_once_it_has_ended(bool fails)
    {
        // The answer may arrive before who is outside has gone on.
        var isOutside = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings
        {
            Build = builder => builder.Services.AddResponseSignature(),
            Before = app => app.Use(async (context, next) =>
            {
                IHttpResponseBodyFeature own = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
                try
                {
                    await next(context);
                }
                catch (InvalidDataException)
                {
                    await context.Response.WriteAsync("sorry", context.RequestAborted);
                }

                isOutside.SetResult(ReferenceEquals(own, context.Features.Get<IHttpResponseBodyFeature>()));
            }).UseResponseSignature(),
            Map = app => app.Map("/signed", async context =>
            {
                await SigningHost.JsonAsync(context);
                if (fails)
                {
                    throw new InvalidDataException("The endpoint fails.");
                }
            }).SignResponse(),
        });
        RequestDraft request = api.Draft("GET", "/signed");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal((200, fails ? "sorry" : SigningHost.Text), (answer.Status, answer.Text));
        Assert.Equal(fails, answer["Signature"] is null);
        Assert.True(await isOutside.Task.WaitAsync(TestContext.Current.CancellationToken));
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
