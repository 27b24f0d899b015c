#if !DEBUG // Code that is not optimised makes objects of async methods, which is not what users run.
using System.Net;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary>What signing adds to the memory one request takes.</summary>
[Collection(Alone.Name)]
public sealed class ClientAllocationTests
{
    private const int Rounds = 500;

    // Of these, without a body, 400 bytes are the text of Signature-Input, 130 that of Signature, 136 their places among the
    // headers and 104 the options of the request, which .NET makes when they are first asked for.
    [Theory]
    [InlineData(false, false, 700)]
    [InlineData(true, false, 850)]
    [InlineData(true, true, 650)]
    public void Signing_adds_little_more_than_the_text_of_its_headers(bool body, bool digest, long limit)
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.OK);
        using var plain = new HttpMessageInvoker(new Answers(answer));
        using var signed = new HttpMessageInvoker(new MessageSigningHandler(
            new MessageSigningOptions { Key = "acme_1234567890123456789012", Secret = "acme_secret_0123456789abcdef" }, new Answers(answer)));
        byte[] bytes = new byte[1024];
        string written = RequestDraft.DigestOf(bytes);
        HttpRequestMessage New()
        {
            HttpRequestMessage request = new(body ? HttpMethod.Post : HttpMethod.Get, "https://api.example/orders?id=7") { Content = body ? new ByteArrayContent(bytes) : null };
            if (digest)
            {
                request.Headers.TryAddWithoutValidation("Content-Digest", written);
            }

            return request;
        }


        long without = Allocation.LeastOfWarmed(() => plain.Send(New(), CancellationToken.None));
        long with = Allocation.LeastOfWarmed(() => signed.Send(New(), CancellationToken.None));

        Assert.InRange((with - without) / Rounds, 1, limit);
    }

    // Reads of the request what a connection reads anyway.
    private sealed class Answers(HttpResponseMessage answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.NotNull(request.RequestUri!.PathAndQuery);
            Assert.NotNull(request.RequestUri.IdnHost);
            Assert.NotNull(request.Headers);
            Assert.NotEqual(-1, request.Content?.Headers.ContentLength);
            return answer;
        }
    }
}
#endif
