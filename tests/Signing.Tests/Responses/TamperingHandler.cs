namespace Signing.Tests.Responses;

/// <summary>Stands between a signer and the network, as whoever is on the way does, and changes what comes back.</summary>
internal sealed class TamperingHandler(Func<HttpRequestMessage, HttpResponseMessage, Task<HttpResponseMessage>> change) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        await change(request, await base.SendAsync(request, cancellationToken));
}
