using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Signing.Client;

/// <summary>RFC 6749 §5. Reads the answer of a token endpoint, strictly: what is odd is never put into a header.</summary>
internal ref struct TokenAnswer
{
    /// <summary>How long a token may be, in characters.</summary>
    public const int MaxTokenLength = 8192;

    private const int MaxErrorLength = 40;

    private static readonly SearchValues<char> CodeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_");

    private string? _accessToken;
    private string? _refreshToken;
    private string? _tokenType;
    private string? _error;
    private string? _code;
    private TimeSpan? _lifetime;
    private string? _problem;

    public static TokenReply Read(HttpStatusCode status, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        TokenAnswer answer = default;
        answer.ReadObject(body);
        return (int)status is >= 200 and < 300 ? answer.Granted() : answer.Refused((int)status, retryAfter);
    }

    /// <summary>Says whether a token can stand in a header as it is: visible ASCII, not too long.</summary>
    public static bool IsToken(string? text) =>
        text is { Length: > 0 and <= MaxTokenLength } && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static bool IsCode(string? text) => text is { Length: > 0 and <= MaxErrorLength } && !text.AsSpan().ContainsAnyExcept(CodeCharacters);

    private readonly TokenReply Granted()
    {
        if (_problem is not null)
        {
            return TokenReply.Malformed(_problem);
        }

        if (!IsToken(_accessToken))
        {
            return TokenReply.Malformed($"it has no access_token of 1 to {MaxTokenLength} visible ASCII characters.");
        }

        if (_refreshToken is not null && !IsToken(_refreshToken))
        {
            return TokenReply.Malformed("its refresh_token is not visible ASCII.");
        }

        // RFC 6749 §7.1: a client does not use a token of a type it does not know.
        return _tokenType is null || _tokenType.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? new TokenReply(new TokenGrant(_accessToken!, _refreshToken, _lifetime ?? TokenTimes.LifetimeUnlessSaid))
            : TokenReply.Malformed("its token_type is not Bearer.");
    }

    private readonly TokenReply Refused(int status, TimeSpan? retryAfter)
    {
        if (status is 429 or >= 500)
        {
            return new TokenReply(null, $"The token endpoint answered {status}.", RetryAfter: retryAfter);
        }

        // Only what looks like a code is repeated: the rest of the answer is the server's own text.
        string? error = _problem is null && IsCode(_error) ? _error : null;
        string? code = IsCode(_code) ? _code : null;
        return error switch
        {
            null => new TokenReply(null, $"The token endpoint answered {status} without an error code{(status is >= 300 and < 400 ? "; redirects are not followed" : "")}.", RetryAfter: retryAfter),
            "invalid_client" when code is "expired" or "suspended" or "application_suspended" or "workspace_disabled" or "not_yet_valid" or "too_old" or "created_in_future" or "expired_signature" or "replayed" =>
                // Our server says more: what time or an operator mends, nobody mends by changing options.
                new TokenReply(null, $"The token endpoint refuses this client for now: {code}.", error, RetryAfter: retryAfter),
            "invalid_client" or "unauthorized_client" or "unsupported_grant_type" or "invalid_scope" or "invalid_request" =>
                new TokenReply(null, $"The token endpoint refuses this client: {error}{(code is null ? "" : ", " + code)}.", error, IsPermanent: true, Code: code),
            _ => new TokenReply(null, $"The token endpoint answered {status}, {error}.", error, RetryAfter: retryAfter),
        };
    }

    private void ReadObject(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                _problem = "it is no JSON object.";
                return;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadProperty(ref reader);
            }

            // Reading to the end is what finds text behind the object.
            while (reader.Read())
            {
            }
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair or invalid UTF-8 in a string.
            _problem = "it is no valid JSON.";
        }
    }

    private void ReadProperty(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("access_token"u8))
        {
            ReadText(ref reader, ref _accessToken);
        }
        else if (reader.ValueTextEquals("refresh_token"u8))
        {
            ReadText(ref reader, ref _refreshToken);
        }
        else if (reader.ValueTextEquals("token_type"u8))
        {
            ReadText(ref reader, ref _tokenType);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            ReadText(ref reader, ref _error);
        }
        else if (reader.ValueTextEquals("code"u8))
        {
            ReadText(ref reader, ref _code);
        }
        else if (reader.ValueTextEquals("expires_in"u8))
        {
            reader.Read();
            ReadLifetime(ref reader);
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
    }

    private void ReadText(ref Utf8JsonReader reader, ref string? text)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null && text is null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.String || text is not null)
        {
            _problem = "a member is there twice or is no string.";
            reader.Skip();
            return;
        }

        text = reader.GetString();
    }

    // RFC 6749 §5.1: a number of seconds. Some servers write it as a string or with a fraction.
    private void ReadLifetime(ref Utf8JsonReader reader)
    {
        double seconds = 0;
        bool isNumber = reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetDouble(out seconds),
            JsonTokenType.String => double.TryParse(reader.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out seconds),
            _ => false,
        };
        if (reader.TokenType == JsonTokenType.Null && _lifetime is null)
        {
            return;
        }

        if (!isNumber || !(seconds >= 1) || _lifetime is not null)
        {
            _problem = "its expires_in is not a number of seconds from 1.";
            reader.Skip();
            return;
        }

        _lifetime = TimeSpan.FromSeconds(Math.Min(seconds, TokenTimes.MaxLifetime.TotalSeconds));
    }
}
