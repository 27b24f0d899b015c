namespace Signing.Client;

/// <summary>Makes what connects where the caller gives nothing for it: a pool of connections, or in a browser its <c>fetch</c>.</summary>
internal static class OwnConnection
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    public static HttpMessageHandler Create() => SocketsHttpHandler.IsSupported
        ? new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = Lifetime }
        : new HttpClientHandler { AllowAutoRedirect = false };

    /// <summary>Makes one that keeps no cookies; those of a page are its browser's.</summary>
    public static HttpMessageHandler CreateWithoutCookies() => SocketsHttpHandler.IsSupported
        ? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = Lifetime }
        : new HttpClientHandler { AllowAutoRedirect = false };
}
