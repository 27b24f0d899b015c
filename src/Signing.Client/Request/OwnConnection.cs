namespace Signing.Client;

/// <summary>Makes what connects where the caller gives nothing for it: a pool of connections, or in a browser its <c>fetch</c>.</summary>
internal static class OwnConnection
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    /// <param name="keepsCookies">Whether it sends back the cookies that it gets; those of a page are its browser's.</param>
    public static HttpMessageHandler Create(bool keepsCookies = true) => SocketsHttpHandler.IsSupported
        ? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = keepsCookies, PooledConnectionLifetime = Lifetime }
        : new HttpClientHandler { AllowAutoRedirect = false };
}
