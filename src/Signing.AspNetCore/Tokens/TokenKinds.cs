namespace Signing.AspNetCore;

// How each kind is written in its tokens and in the derivation of its key.
internal static class TokenKinds
{
    public const int Count = 2;

    public static string TextOf(TokenKind kind) => kind switch
    {
        TokenKind.Access => "access",
        TokenKind.Refresh => "refresh",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static int IndexOf(TokenKind kind) => (int)kind - 1;
}
