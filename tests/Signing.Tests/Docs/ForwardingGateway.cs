namespace Signing.Tests.Docs;

/// <summary>Passes a signed request on under a Host of its own, and tells the caller's in <c>X-Forwarded-Host</c>.</summary>
internal sealed class ForwardingGateway() : DelegatingHandler(new SocketsHttpHandler())
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Host = "backend.internal";
        request.Headers.Add("X-Forwarded-Host", request.RequestUri!.Authority);
        return base.SendAsync(request, cancellationToken);
    }
}
