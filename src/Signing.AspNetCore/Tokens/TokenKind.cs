namespace Signing.AspNetCore;

/// <summary>What a token is for: a token of one kind is refused wherever another kind belongs.</summary>
internal enum TokenKind
{
    /// <summary>No kind, which no token has.</summary>
    None = 0,

    /// <summary>Goes with each request until it expires: minutes.</summary>
    Access,

    /// <summary>Exchanged for the next pair of tokens: once, or again while the answer may have been lost.</summary>
    Refresh,
}
