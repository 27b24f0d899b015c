using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Signing.AspNetCore;

/// <summary>RFC 6750 §2.1. Takes the tokens of one scheme from requests, and says what they are worth.</summary>
/// <remarks>A value that does not begin as ours do belongs to somebody else: it is as if it were not there.</remarks>
internal abstract class TokenDoor(string scheme, AuthenticationSchemeOptions options, string header, string? realm)
{
    public const string BearerScheme = "Bearer";

    private readonly bool _isAuthorization = header.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase);

    public string Scheme => scheme;

    public string Header => header;

    /// <summary>Gets the name of the field as signatures have it.</summary>
    public string Component { get; } = header.ToLowerInvariant();

    public string? Realm => realm;

    public TimeProvider Time { get; } = options.TimeProvider ?? TimeProvider.System;

    /// <summary>Whether its tokens may come together with a signature of the same client.</summary>
    public abstract bool JoinsSignatures { get; }

    public TokenPresence Find(HttpContext context)
    {
        StringValues lines = context.Request.Headers[header];
        foreach (string? line in lines)
        {
            int start = StartOf(line);
            if (start >= 0 && IsOurs(line.AsSpan(start)))
            {
                return new TokenPresence(this, line!, start, IsAmbiguous: lines.Count > 1);
            }
        }

        return default;
    }

    /// <summary>Judges a token; completes at once if everything that it rests on is in memory.</summary>
    public abstract ValueTask<TokenAnswer> VerifyAsync(ReadOnlySpan<char> token, CancellationToken cancellationToken);

    protected abstract bool IsOurs(ReadOnlySpan<char> text);

    // RFC 6750 §2.1: "Bearer" 1*SP b64token. A field of its own has the token alone.
    private int StartOf(string? line)
    {
        if (!_isAuthorization)
        {
            return line is null ? -1 : 0;
        }

        if (line is null || line.Length <= BearerScheme.Length || line[BearerScheme.Length] != ' '
            || !line.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase))
        {
            return -1;
        }

        int start = line.AsSpan(BearerScheme.Length).IndexOfAnyExcept(' ');
        return start < 0 ? -1 : BearerScheme.Length + start;
    }
}
