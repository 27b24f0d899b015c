namespace Signing.AspNetCore;

/// <summary>What a sharing key permits a client now.</summary>
/// <param name="Status"><see cref="TokenStatus.Valid"/> or <see cref="TokenStatus.SharingKeyRefused"/>.</param>
/// <param name="Scopes">The scopes of the key, if valid.</param>
internal readonly record struct SharingKeyVerdict(TokenStatus Status, IReadOnlyList<string>? Scopes = null);
