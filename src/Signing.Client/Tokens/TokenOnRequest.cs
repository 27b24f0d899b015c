namespace Signing.Client;

/// <summary>Stands for a token on a request while it is sent: disposing of it takes the token off.</summary>
internal readonly struct TokenOnRequest(HttpRequestMessage request, string header) : IDisposable
{
    public void Dispose() => request.Headers.Remove(header);
}
