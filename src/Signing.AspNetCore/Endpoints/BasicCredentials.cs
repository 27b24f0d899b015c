using System.Net;
using System.Text;

namespace Signing.AspNetCore;

/// <summary>RFC 7617 §2, RFC 6749 §2.3.1. Reads <c>Authorization: Basic</c>, both parts of which are form-encoded first.</summary>
internal static class BasicCredentials
{
    public const string Scheme = "Basic";

    private const int MaxLength = 2048;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool Are(string? authorization) =>
        authorization is not null && (authorization.Equals(Scheme, StringComparison.OrdinalIgnoreCase) || authorization.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase));

    public static bool TryRead(string authorization, out string id, out string secret)
    {
        id = "";
        secret = "";
        ReadOnlySpan<char> base64 = authorization.AsSpan(Scheme.Length).Trim(' ');
        Span<byte> bytes = stackalloc byte[MaxLength];

        // Anything but canonical base64 is refused; the decoder would skip white space.
        if (base64.Length > MaxLength || base64.ContainsAny(" \t\r\n") || !Convert.TryFromBase64Chars(base64, bytes, out int written))
        {
            return false;
        }

        string text;
        try
        {
            text = StrictUtf8.GetString(bytes[..written]);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return false;
        }

        id = WebUtility.UrlDecode(text[..colon]);
        secret = WebUtility.UrlDecode(text[(colon + 1)..]);
        return true;
    }
}
