namespace Signing.Client;

/// <summary>Changes how one request is signed: set these on <see cref="HttpRequestMessage.Options"/>.</summary>
public static class SigningOverrides
{
    /// <summary>Sends the request unsigned, as it is, if set to <see langword="true"/>.</summary>
    public static HttpRequestOptionsKey<bool> Skip { get; } = new("Signing.Client.Skip");

    /// <summary>Signs the request with this key instead of the client's; the caller owns the key and disposes of it.</summary>
    public static HttpRequestOptionsKey<SigningKey> Key { get; } = new("Signing.Client.Key");

    /// <summary>Covers these components as well; each must have a value in the request.</summary>
    public static HttpRequestOptionsKey<IReadOnlyList<string>> Components { get; } = new("Signing.Client.Components");

    /// <summary>Sends this <c>tag</c> instead of the client's.</summary>
    public static HttpRequestOptionsKey<string> Tag { get; } = new("Signing.Client.Tag");
}
