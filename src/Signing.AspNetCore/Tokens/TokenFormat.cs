using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Signing.AspNetCore;

// A token on the wire:
//
//   prefix_kind_ | base64url, 80 characters without padding
//                | grant id 16 | sequence 4 | expires 4, in seconds since 1970 | key version 4 | MAC 32 |   bytes, big-endian
//
// The MAC covers the text before and the 28 bytes of the payload, so a token that is renamed to another kind is refused even
// if the kinds shared a key. 60 bytes fill their 80 characters to the last bit: no two texts are the same token.
internal sealed class TokenFormat
{
    public const int EncodedLength = TokenSize / 3 * 4;

    private const int IdSize = 16;
    private const int PayloadSize = IdSize + (3 * sizeof(uint));
    private const int TokenSize = PayloadSize + HmacSha256.MacSize;
    private const int MaxTextLength = CredentialFormat.MaxPrefixLength + 10;
    private const int MaxBufferSize = MaxTextLength + TokenSize;

    private readonly string _start;
    private readonly string[] _texts = new string[TokenKinds.Count];

    public TokenFormat(string prefix)
    {
        _start = $"{prefix}_";
        foreach (TokenKind kind in (ReadOnlySpan<TokenKind>)[TokenKind.Access, TokenKind.Refresh])
        {
            _texts[TokenKinds.IndexOf(kind)] = $"{_start}{TokenKinds.TextOf(kind)}_";
        }
    }

    // Whether a value claims to be one of our tokens, of any kind; a foreign one is left to a scheme that knows it.
    public bool IsOurs(ReadOnlySpan<char> value) => value.StartsWith(_start, StringComparison.Ordinal);

    public string Write(in TokenContent content, TokenKeySet keys)
    {
        string text = _texts[TokenKinds.IndexOf(content.Kind)];
        Span<byte> buffer = stackalloc byte[MaxBufferSize];
        int textLength = Encoding.ASCII.GetBytes(text, buffer);
        Span<byte> payload = buffer.Slice(textLength, PayloadSize);
        BinaryPrimitives.WriteUInt128BigEndian(payload, content.GrantId);
        BinaryPrimitives.WriteInt32BigEndian(payload[IdSize..], content.Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(payload[(IdSize + 4)..], checked((uint)content.Expires.ToUnixTimeSeconds()));
        BinaryPrimitives.WriteInt32BigEndian(payload[(IdSize + 8)..], content.KeyVersion);
        SigningKey key = keys.Get(content.Kind, content.KeyVersion);
        HmacSha256.Compute(key, buffer[..(textLength + PayloadSize)], buffer[(textLength + PayloadSize)..]);

        Span<char> token = stackalloc char[MaxTextLength + EncodedLength];
        text.CopyTo(token);
        Base64Url.EncodeToChars(buffer.Slice(textLength, TokenSize), token[textLength..]);
        string written = new(token[..(textLength + EncodedLength)]);
        token.Clear();
        CryptographicOperations.ZeroMemory(buffer);
        return written;
    }

    // What a token of a kind names as the version of its master key, whoever has made it; 0 if it is none.
    public int VersionOf(TokenKind kind, ReadOnlySpan<char> token)
    {
        string text = _texts[TokenKinds.IndexOf(kind)];
        Span<byte> decoded = stackalloc byte[TokenSize];
        return token.Length == text.Length + EncodedLength
            && Base64Url.DecodeFromChars(token[text.Length..], decoded, out _, out int written) == OperationStatus.Done
            && written == TokenSize
                ? BinaryPrimitives.ReadInt32BigEndian(decoded[(IdSize + 8)..])
                : 0;
    }

    // Constant work whatever comes: a value of another length or beginning costs a comparison, any other one MAC.
    public TokenStatus Read(TokenKind kind, ReadOnlySpan<char> token, TokenKeySet keys, DateTimeOffset now, out TokenContent content)
    {
        content = default;
        string text = _texts[TokenKinds.IndexOf(kind)];
        if (token.Length != text.Length + EncodedLength || !token.StartsWith(text, StringComparison.Ordinal))
        {
            return TokenStatus.MalformedToken;
        }

        Span<byte> buffer = stackalloc byte[MaxBufferSize];
        Encoding.ASCII.GetBytes(text, buffer);
        Span<byte> decoded = buffer.Slice(text.Length, TokenSize);

        // The decoder skips white space; then the bytes fall short.
        OperationStatus decoding = Base64Url.DecodeFromChars(token[text.Length..], decoded, out _, out int written);
        if (decoding != OperationStatus.Done || written != TokenSize)
        {
            return TokenStatus.MalformedToken;
        }

        int version = BinaryPrimitives.ReadInt32BigEndian(decoded[(IdSize + 8)..]);
        ReadOnlySpan<byte> covered = buffer[..(text.Length + PayloadSize)];
        if (keys.Find(kind, version, now) is not { } key || !HmacSha256.Verify(key, covered, decoded[PayloadSize..]))
        {
            return TokenStatus.TamperedToken;
        }

        content = new TokenContent(
            kind,
            BinaryPrimitives.ReadUInt128BigEndian(decoded),
            BinaryPrimitives.ReadInt32BigEndian(decoded[IdSize..]),
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(decoded[(IdSize + 4)..])),
            version);
        return now < content.Expires ? TokenStatus.Valid : TokenStatus.Expired;
    }
}
