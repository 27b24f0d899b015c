using System.Net;
using System.Net.Http.Json;
using System.Text;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary>The digest is that of the very bytes that go out, for each kind of content, asynchronously and synchronously.</summary>
public sealed class BodyDigestTests : ClientTestBase
{
    private const string Address = "http://api.example/orders";

    public static TheoryData<string, bool> Contents { get; } = new MatrixTheoryData<string, bool>(
        ["bytes", "empty", "text", "form", "memory", "json", "multipart", "seekable stream", "one-way stream", "buffered", "own kind"],
        [false, true]);

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task The_digest_fits_the_bytes_that_arrive(string kind, bool synchronous)
    {
        using HttpMessageInvoker client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = await ContentOf(kind) };

        using HttpResponseMessage response = synchronous ? client.Send(request, Cancelled) : await client.SendAsync(request, Cancelled);

        RawRequest received = Assert.Single(Server.Requests);
        Assert.StartsWith("sha-256=:", received["content-digest"], StringComparison.Ordinal);
        Assert.Contains("content-digest", received.Covered(), StringComparer.Ordinal);
        Assert.Equal(received.Body.Length.ToString(), received["content-length"]);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
        Assert.Equal(kind == "empty", received.Body.Length == 0);
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task A_request_that_is_sent_again_carries_the_same_bytes_and_a_new_signature(string kind, bool synchronous)
    {
        using HttpMessageInvoker client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = await ContentOf(kind) };

        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage response = synchronous ? client.Send(request, Cancelled) : await client.SendAsync(request, Cancelled);
        }

        Assert.All(Server.Requests, received => Assert.Equal(SignatureStatus.Verified, Verify(received)));
        Assert.All(Server.Requests, received => Assert.Equal(Server.Requests[0].Body, received.Body));
        Assert.All(Server.Requests, received => Assert.Single(received.Lines("content-digest")));
        Assert.Equal(3, Server.Requests.Select(received => received["signature"]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Another_algorithm_or_both_may_be_chosen()
    {
        RawRequest one = await SendAsync(Post(new StringContent("hello")), options => options.Digest = DigestAlgorithms.Sha512);
        RawRequest both = await SendAsync(Post(new StringContent("hello")), options => options.Digest = DigestAlgorithms.Sha256 | DigestAlgorithms.Sha512);

        Assert.StartsWith("sha-512=:", one["content-digest"], StringComparison.Ordinal);
        Assert.Equal(SignatureStatus.Verified, Verify(one));
        Assert.Equal(2, both["content-digest"].Split(", ").Length);
        Assert.Equal(SignatureStatus.Verified, Verify(both));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_can_be_read_once_is_kept_up_to_the_limit_and_no_byte_further(bool synchronous)
    {
        using HttpMessageInvoker client = Client(options => options.MaxBufferedBytes = 100_000);
        using HttpRequestMessage fits = Post(new StreamContent(new OneWayStream(new byte[100_000])));
        using HttpRequestMessage tooLong = Post(new StreamContent(new OneWayStream(new byte[100_001])));

        await Send(fits);
        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => Send(tooLong));

        Assert.Equal(SignatureStatus.BodyTooLarge, refused.Status);
        Assert.Contains("100000", refused.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(MessageSigningOptions.MaxBufferedBytes), refused.Message, StringComparison.Ordinal);
        Assert.Equal(100_000, Assert.Single(Server.Requests).Body.Length);

        async Task Send(HttpRequestMessage request)
        {
            using HttpResponseMessage response = synchronous ? client.Send(request, Cancelled) : await client.SendAsync(request, Cancelled);
        }
    }

    [Fact]
    public async Task A_body_that_says_it_is_too_long_is_refused_without_being_read()
    {
        var stream = new OneWayStream(new byte[2_000_000]);
        using HttpRequestMessage request = Post(new StreamContent(stream));
        request.Content!.Headers.ContentLength = 2_000_000;

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(request));

        Assert.Equal(SignatureStatus.BodyTooLarge, refused.Status);
        Assert.Equal(0, stream.BytesRead);
    }

    [Fact]
    public async Task A_body_in_memory_or_in_a_seekable_stream_may_be_longer_than_what_is_kept()
    {
        byte[] bytes = new byte[3_000_000];

        RawRequest array = await SendAsync(Post(new ByteArrayContent(bytes)));
        RawRequest stream = await SendAsync(Post(new StreamContent(new MemoryStream(bytes))));

        Assert.Equal(SignatureStatus.Verified, Verify(array));
        Assert.Equal(SignatureStatus.Verified, Verify(stream));
        Assert.Equal(bytes.Length, stream.Body.Length);
    }

    [Fact]
    public async Task A_body_that_can_be_read_twice_is_not_kept_and_none_of_it_has_to_fit()
    {
        HttpContent[] contents =
        [
            new ByteArrayContent("hello"u8.ToArray()), new StringContent("hello"), new FormUrlEncodedContent([new("a", "b")]), new ReadOnlyMemoryContent("hello"u8.ToArray()),
            new StreamContent(new MemoryStream("hello"u8.ToArray())),
        ];
        using HttpMessageInvoker client = Client(options => options.MaxBufferedBytes = 0);

        foreach (HttpContent content in contents)
        {
            using HttpRequestMessage request = Post(content);
            using HttpResponseMessage response = await client.SendAsync(request, Cancelled);
            Assert.Same(content, request.Content);
        }

        Assert.All(Server.Requests, received => Assert.Equal(SignatureStatus.Verified, Verify(received)));
    }

    [Fact]
    public async Task A_form_with_a_long_file_is_refused_in_words_that_do_not_ask_for_the_stream_that_it_has()
    {
        using HttpRequestMessage request = Post(new MultipartFormDataContent { { new StreamContent(new MemoryStream(new byte[11])), "file", "a.bin" } });

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(request, options => options.MaxBufferedBytes = 10));

        Assert.StartsWith("The body is longer than the 10 bytes that are kept in memory, as one has to be that is multipart,", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_content_that_somebody_derives_from_bytes_is_sent_as_it_was_hashed_whatever_it_writes_next(bool synchronous)
    {
        using HttpMessageInvoker client = Client();
        using HttpRequestMessage request = Post(new ChangingContent());

        using HttpResponseMessage response = synchronous ? client.Send(request, Cancelled) : await client.SendAsync(request, Cancelled);

        RawRequest received = Server.Requests.Single();
        Assert.Equal((SignatureStatus.Verified, "1"), (Verify(received), Encoding.ASCII.GetString(received.Body)));
    }

    [Fact]
    public async Task A_seekable_stream_is_sent_from_where_it_stood()
    {
        var stream = new MemoryStream("skip me, send me"u8.ToArray()) { Position = 9 };

        RawRequest received = await SendAsync(Post(new StreamContent(stream)));

        Assert.Equal("send me", received.Text);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

#if NET9_0_OR_GREATER
    [Fact]
    public async Task A_stream_that_was_moved_under_its_content_is_hashed_and_sent_from_its_start()
    {
        var stream = new MemoryStream("0123456789"u8.ToArray());
        using HttpRequestMessage request = Post(new StreamContent(stream));
        stream.Position = 4;

        RawRequest received = await SendAsync(request);

        Assert.Equal("0123456789", received.Text);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }
#else
    // .NET 8 goes on from where the stream stands, and fails in the midst of a request that is shorter than it said.
    [Fact]
    public async Task A_stream_that_was_moved_under_its_content_is_refused_before_anything_is_sent()
    {
        var stream = new MemoryStream("0123456789"u8.ToArray());
        using HttpRequestMessage request = Post(new StreamContent(stream));
        stream.Position = 4;

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(request));

        Assert.Equal("content-length", refused.Component);
        Assert.Empty(Server.Requests);
    }
#endif

    [Fact]
    public async Task A_length_that_is_not_that_of_the_body_is_refused_before_anything_is_sent()
    {
        using HttpRequestMessage request = Post(new StringContent("0123456789"));
        request.Content!.Headers.ContentLength = 4;

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(request));

        Assert.Equal("content-length", refused.Component);
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task A_content_that_writes_something_else_each_time_is_sent_as_it_was_hashed()
    {
        using HttpRequestMessage request = Post(new CountingContent());

        RawRequest received = await SendAsync(request);

        Assert.Equal("serialisation 1", received.Text);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("one-way stream")]
    public async Task A_chunked_body_is_hashed_without_its_chunks(string kind)
    {
        using HttpRequestMessage request = Post(await ContentOf(kind));
        request.Headers.TransferEncodingChunked = true;

        RawRequest received = await SendAsync(request);

        Assert.Equal("chunked", received["transfer-encoding"]);
        Assert.Empty(received.Lines("content-length"));
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Fact]
    public async Task A_request_that_waits_for_100_Continue_is_signed_with_its_body()
    {
        using HttpRequestMessage request = Post(new StringContent("hello"));
        request.Headers.ExpectContinue = true;

        RawRequest received = await SendAsync(request);

        Assert.Equal("hello", received.Text);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Fact]
    public async Task The_headers_of_a_body_that_is_kept_go_out_as_they_were_written()
    {
        using HttpRequestMessage plainly = Post(Unusual());
        using HttpMessageInvoker plain = new(Connection());
        await plain.SendAsync(plainly, Cancelled);

        RawRequest received = await SendAsync(Post(Unusual()));

        foreach (string name in new[] { "Content-Type", "Content-Language", "X-Own" })
        {
            Assert.Equal(Server.Requests[0].Lines(name), received.Lines(name));
        }

        Assert.Equal(SignatureStatus.Verified, Verify(received));

        static StreamContent Unusual()
        {
            var content = new StreamContent(new OneWayStream([1, 2, 3]));
            content.Headers.TryAddWithoutValidation("Content-Type", "text/plain;charset=utf-8 ;  x=y");
            content.Headers.TryAddWithoutValidation("Content-Language", ["de", " en"]);
            content.Headers.TryAddWithoutValidation("X-Own", "  a  ");
            return content;
        }
    }

    [Fact]
    public async Task Disposing_the_request_disposes_the_content_whose_bytes_were_kept()
    {
        var content = new CountingContent();
        using (HttpRequestMessage request = Post(content))
        {
            await SendAsync(request);
            Assert.False(content.IsDisposed);
        }

        Assert.True(content.IsDisposed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_digest_of_the_callers_own_is_confirmed_and_left_as_it_is(bool onTheContent)
    {
        const string Own = "sha-512=:m3HSJL1i83hdltRq0+o9czGb+8KJDKra4t/3JRlnPKcjI8PZm6XBHXx6zG4UuMXaDEZjR1wuXDre9G9zvN7AQw==:,unknown=:AA==:";
        using HttpRequestMessage request = Post(new StringContent("hello"));
        _ = onTheContent
            ? request.Content!.Headers.TryAddWithoutValidation("Content-Digest", Own)
            : request.Headers.TryAddWithoutValidation("Content-Digest", Own);

        for (int i = 0; i < 2; i++)
        {
            RawRequest received = await SendAsync(request);
            Assert.Equal(Own, received["content-digest"]);
            Assert.Contains("content-digest", received.Covered(), StringComparer.Ordinal);
        }
    }

    [Theory]
    [InlineData("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", SignatureStatus.DigestMismatch)]
    [InlineData("sha-256=:AAAA:", SignatureStatus.DigestMismatch)]
    [InlineData("md5=:XUFAKrxLKna5cZ2REBfFkg==:", SignatureStatus.UnsupportedDigest)]
    [InlineData("sha-256=XUFAKrxLKna5cZ2REBfFkg==", SignatureStatus.UnsupportedDigest)]
    public async Task A_digest_of_the_callers_own_that_is_wrong_is_never_signed(string digest, SignatureStatus status)
    {
        using HttpRequestMessage request = Post(new StringContent("hello"));
        request.Headers.TryAddWithoutValidation("Content-Digest", digest);

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(request));

        Assert.Equal(status, refused.Status);
        Assert.Equal("content-digest", refused.Component);
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task A_digest_without_a_body_must_be_that_of_no_bytes()
    {
        using var right = new HttpRequestMessage(HttpMethod.Get, Address);
        right.Headers.TryAddWithoutValidation("Content-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
        using var wrong = new HttpRequestMessage(HttpMethod.Get, Address);
        wrong.Headers.TryAddWithoutValidation("Content-Digest", "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:");

        Assert.Equal(SignatureStatus.Verified, Verify(await SendAsync(right)));
        await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(wrong));
    }

    [Fact]
    public async Task The_digest_of_no_bytes_is_sent_if_the_policy_always_covers_it()
    {
        RawRequest received = await SendAsync(
            new HttpRequestMessage(HttpMethod.Get, Address),
            options => options.Policy = new SigningPolicy { Components = ["@method", "@authority", "@path", "@query", "content-digest"] });

        Assert.Equal("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", received["content-digest"]);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Fact]
    public async Task A_policy_without_the_digest_leaves_the_body_unread()
    {
        var stream = new OneWayStream(new byte[2_000_000]);

        RawRequest received = await SendAsync(Post(new StreamContent(stream)), options => options.Policy = new SigningPolicy { CoverIfPresent = [] });

        Assert.Empty(received.Lines("content-digest"));
        Assert.Equal("chunked", received["transfer-encoding"]);
        Assert.Equal(2_000_000, received.Body.Length);
    }

    [Fact]
    public async Task A_body_that_was_exchanged_between_two_attempts_gets_a_new_digest()
    {
        using HttpRequestMessage request = Post(new StringContent("first"));
        await SendAsync(request);
        request.Content = new StringContent("second");

        RawRequest received = await SendAsync(request);

        Assert.Equal("second", received.Text);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    // Asked twice at once, a content takes down its length twice, and sends it so.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Copies_that_share_a_content_ask_for_its_length_one_after_the_other(bool coversDigest)
    {
        var content = new MeetingContent();
        using HttpMessageInvoker client = Client(options => options.Policy = coversDigest ? options.Policy : new SigningPolicy { CoverIfPresent = [] });

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () => (await client.SendAsync(Post(content), Cancelled)).Dispose(), Cancelled)));

        Assert.False(content.HaveMet);
        Assert.Equal(2, Server.Requests.Length);
        Assert.All(Server.Requests, received => Assert.Equal("5", Assert.Single(received.Lines("content-length")).Trim()));
    }

    private static HttpRequestMessage Post(HttpContent content) => new(HttpMethod.Post, Address) { Content = content };

    private static async Task<HttpContent> ContentOf(string kind)
    {
        byte[] hello = "hello, wörld"u8.ToArray();
        switch (kind)
        {
            case "bytes":
                return new ByteArrayContent(hello, 2, 5);
            case "empty":
                return new ByteArrayContent([]);
            case "text":
                return new StringContent("hello, wörld", Encoding.Latin1);
            case "form":
                return new FormUrlEncodedContent([new("a", "b c"), new("d", "ü")]);
            case "memory":
                return new ReadOnlyMemoryContent(hello);
            case "json":
                return JsonContent.Create(new { Name = "Größe", Count = 3 });
            case "multipart":
                return new MultipartFormDataContent { { new StringContent("value"), "field" }, { new StreamContent(new OneWayStream(hello)), "file", "a.bin" } };
            case "seekable stream":
                return new StreamContent(new MemoryStream(hello));
            case "one-way stream":
                return new StreamContent(new OneWayStream(hello));
            case "buffered":
                var buffered = new StreamContent(new OneWayStream(hello));
                await buffered.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
                return buffered;
            default:
                return new CountingContent();
        }
    }

    // Writes another digit each time.
    private sealed class ChangingContent() : ByteArrayContent("0"u8.ToArray())
    {
        private byte _times = (byte)'0';

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            SerializeToStream(stream, context, Cancelled);
            return Task.CompletedTask;
        }

        protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) => stream.WriteByte(++_times);
    }

    // Waits a moment, when it is asked for its length, for another who asks.
    private sealed class MeetingContent : HttpContent
    {
        private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

        private readonly Barrier _meeting = new(2);

        public bool HaveMet { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync("hello"u8.ToArray(), Cancelled).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 5;
            HaveMet |= _meeting.SignalAndWait(Moment, Cancelled);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _meeting.Dispose();
            base.Dispose(disposing);
        }
    }
}
