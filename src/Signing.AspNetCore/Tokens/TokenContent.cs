namespace Signing.AspNetCore;

/// <summary>What a token says: nothing that is secret, and nothing that counts before the MAC is verified.</summary>
/// <param name="Kind">What the token is for.</param>
/// <param name="GrantId">The grant that it stands for.</param>
/// <param name="Sequence">Which of the grant's successive tokens it is, from 0 on.</param>
/// <param name="Expires">The first instant at which it is no longer accepted, in whole seconds.</param>
/// <param name="KeyVersion">The version of the master key that its MAC was made with.</param>
internal readonly record struct TokenContent(TokenKind Kind, UInt128 GrantId, int Sequence, DateTimeOffset Expires, int KeyVersion);
