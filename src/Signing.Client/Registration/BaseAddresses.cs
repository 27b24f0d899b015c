using Microsoft.Extensions.Http;

namespace Signing.Client;

/// <summary>Finds the base address that a named client is given.</summary>
internal static class BaseAddresses
{
    /// <returns>The address; <see langword="null"/> if the client has none, or sets it itself.</returns>
    public static Uri? Of(HttpClientFactoryOptions options)
    {
        using var client = new HttpClient(new NeverSends());
        foreach (Action<HttpClient> configure in options.HttpClientActions)
        {
            configure(client);
        }

        return client.BaseAddress;
    }

    private sealed class NeverSends : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("An HttpClient was used while it was being configured.");
    }
}
