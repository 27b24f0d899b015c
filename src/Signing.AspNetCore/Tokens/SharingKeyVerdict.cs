namespace Signing.AspNetCore;

/// <summary>What a sharing key permits a client now.</summary>
/// <param name="Status"><see cref="TokenStatus.Valid"/>, <see cref="TokenStatus.SharingKeyRefused"/>, or <see cref="TokenStatus.GrantStoreUnavailable"/> if nobody can tell.</param>
/// <param name="Scopes">The scopes that both the key and the client have, if valid.</param>
internal readonly record struct SharingKeyVerdict(TokenStatus Status, IReadOnlyList<string>? Scopes = null);
