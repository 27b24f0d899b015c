namespace Signing.Tests.Client.Around;

/// <summary>Does with a request what a test says, and sends it on as often as that says, synchronously or not.</summary>
internal sealed class AroundHandler(Func<HttpRequestMessage, Func<HttpRequestMessage, Task<HttpResponseMessage>>, Task<HttpResponseMessage>> around) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        around(request, message => base.SendAsync(message, cancellationToken));

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        around(request, message => Task.FromResult(base.Send(message, cancellationToken))).GetAwaiter().GetResult();
}
