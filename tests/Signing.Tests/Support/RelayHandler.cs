namespace Signing.Tests.Support;

/// <summary>Does something with a request, and the answer, on their way through a chain of handlers.</summary>
public sealed class RelayHandler(Action<HttpRequestMessage>? onRequest = null, Action<HttpResponseMessage>? onResponse = null) : DelegatingHandler
{
    /// <summary>Reads all headers as a logger does, which parses and so rewrites them.</summary>
    public static void Enumerate(HttpRequestMessage request)
    {
        Assert.All(request.Headers, header => Assert.NotNull(header.Value));
        if (request.Content is { } content)
        {
            Assert.All(content.Headers, header => Assert.NotNull(header.Value));
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        onRequest?.Invoke(request);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        onResponse?.Invoke(response);
        return response;
    }
}
