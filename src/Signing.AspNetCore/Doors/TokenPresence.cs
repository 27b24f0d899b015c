namespace Signing.AspNetCore;

/// <summary>Where the token of a request stands, if there is one.</summary>
/// <param name="Door">The scheme that reads it; <see langword="null"/> if there is none.</param>
/// <param name="Line">The line of the header field.</param>
/// <param name="Start">Where in the line the token begins.</param>
/// <param name="IsAmbiguous">Whether there is another one besides, so that nobody can say which is meant.</param>
internal readonly record struct TokenPresence(TokenDoor? Door, string Line, int Start, bool IsAmbiguous = false)
{
    public ReadOnlySpan<char> Token => Line.AsSpan(Start);
}
