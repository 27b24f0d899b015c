namespace Signing.Client;

/// <summary>Describes one call of a token endpoint.</summary>
/// <param name="Create">Makes the request, a new one for each attempt.</param>
/// <param name="Signer">Who signs it; <see langword="null"/> if it is not signed.</param>
/// <param name="Revokes">Whether it revokes a token, so that success has no content.</param>
internal sealed record TokenCall(Func<HttpRequestMessage> Create, ClientState? Signer, bool Revokes = false);
