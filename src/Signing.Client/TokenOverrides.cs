namespace Signing.Client;

/// <summary>Changes how one request is given its token: set these on <see cref="HttpRequestMessage.Options"/>.</summary>
public static class TokenOverrides
{
    /// <summary>Sends the request without a token, and takes its 401 for an answer, if set to <see langword="true"/>.</summary>
    public static HttpRequestOptionsKey<bool> Skip { get; } = new("Signing.Client.SkipToken");
}
