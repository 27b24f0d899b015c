using System.Net;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary>A content that takes no notice of a write that fails, as that of YARP does, is never signed and sent in part.</summary>
public sealed class HeedlessContentTests : ClientTestBase
{
    private const int Limit = 1000;

    [Theory]
    [InlineData(false, new[] { 400, 400, 400 })]
    [InlineData(true, new[] { 400, 400, 400 })]
    [InlineData(false, new[] { 900, 200, 50 })]
    [InlineData(true, new[] { 900, 200, 50 })]
    public async Task A_body_that_is_too_long_is_refused_though_its_content_takes_no_notice(bool synchronous, int[] writes)
    {
        using HttpMessageInvoker client = Client(options => options.MaxBufferedBytes = Limit);
        using HttpRequestMessage request = Post(new HeedlessContent(writes));

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(async () =>
        {
            using HttpResponseMessage response = synchronous ? client.Send(request, Cancelled) : await client.SendAsync(request, Cancelled);
        });

        Assert.Equal(SignatureStatus.BodyTooLarge, refused.Status);
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task A_body_whose_sending_is_cancelled_midway_is_not_sent_though_its_content_takes_no_notice()
    {
        using var leaving = new CancellationTokenSource();
        using HttpMessageInvoker client = Client(options => options.MaxBufferedBytes = Limit);
        using HttpRequestMessage request = Post(new HeedlessContent([400, 400], leaving));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            using HttpResponseMessage response = await client.SendAsync(request, leaving.Token);
        });

        Assert.Empty(Server.Requests);
        Assert.False(request.Headers.Contains("Signature"));
    }

    [Fact]
    public async Task A_body_that_just_fits_is_sent_whole()
    {
        RawRequest received = await SendAsync(Post(new HeedlessContent([900, 100])), options => options.MaxBufferedBytes = Limit);

        Assert.Equal(Limit, received.Body.Length);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    private static HttpRequestMessage Post(HttpContent content) => new(HttpMethod.Post, "http://api.example/orders") { Content = content };

    // Leaves, if it is told to, after its first write.
    private sealed class HeedlessContent(int[] writes, CancellationTokenSource? leaving = null) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            foreach (int count in writes)
            {
                try
                {
                    await stream.WriteAsync(new byte[count], cancellationToken);
                }
                catch (Exception e) when (e is MessageSigningException or OperationCanceledException)
                {
                }

                leaving?.Cancel();
            }
        }

        protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            SerializeToStreamAsync(stream, context, cancellationToken).GetAwaiter().GetResult();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
