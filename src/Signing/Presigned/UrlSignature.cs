using System.Diagnostics.CodeAnalysis;

namespace Signing;

/// <summary>Holds the signature of a presigned URL that passed every check that needs no key.</summary>
/// <remarks>It keeps positions in the request target instead of the text: give the same message again. A different one is refused, never an exception.</remarks>
public struct UrlSignature
{
    private int _end;
    private int _keyIdStart;
    private int _keyIdLength;
    private long _created;
    private long _expires;
    private MacBytes _mac;

    /// <summary>Gets when the URL was signed, to the second.</summary>
    public readonly DateTimeOffset Created => DateTimeOffset.FromUnixTimeSeconds(_created);

    /// <summary>Gets the last second in which the URL works.</summary>
    public readonly DateTimeOffset Expires => DateTimeOffset.FromUnixTimeSeconds(_expires);

    [UnscopedRef]
    internal readonly ReadOnlySpan<byte> Mac => _mac;

    /// <summary>Gets the key id, to look the key up with.</summary>
    /// <param name="message">The message the signature was read from.</param>
    /// <param name="buffer">Room for <see cref="SignatureLimits.MaxKeyIdLength"/> characters, used only if the key id is percent-encoded.</param>
    /// <returns>The key id: a window on the message or on <paramref name="buffer"/>; empty if it is another message.</returns>
    public readonly ReadOnlySpan<char> GetKeyId<T>(scoped in T message, Span<char> buffer)
        where T : ISignableMessage
    {
        var encoded = GetEncodedKeyId(message);
        if (!encoded.Contains('%'))
        {
            return encoded;
        }

        var length = 0;
        for (var at = 0; at < encoded.Length; length++)
        {
            if (length == buffer.Length || !UrlSignatureText.TryReadCharacter(encoded, ref at, out buffer[length]))
            {
                return default;
            }
        }

        return buffer[..length];
    }

    // Fills the signature from the value of the parameter, which begins at a position of the target and is cut off at another.
    internal bool TrySet(ReadOnlySpan<char> target, int end, int valueStart)
    {
        if (!UrlSignatureText.TryRead(target[valueStart..], out _created, out _expires, out var keyId, _mac))
        {
            return false;
        }

        (var start, _keyIdLength) = keyId.GetOffsetAndLength(target.Length - valueStart);
        _keyIdStart = valueStart + start;
        _end = end;
        return true;
    }

    internal readonly SignatureStatus CheckTimes(long now, TimeSpan futureSkew)
    {
        if (_created > now + (long)futureSkew.TotalSeconds)
        {
            return SignatureStatus.CreatedInFuture;
        }

        if (_expires - _created > SignatureLimits.MaxPresignedSeconds)
        {
            return SignatureStatus.LifetimeTooLong;
        }

        return now > _expires ? SignatureStatus.ExpiredSignature : SignatureStatus.Verified;
    }

    internal readonly SignatureStatus WriteBase<T>(scoped in T message, ref BaseBuffer buffer)
        where T : ISignableMessage =>
        UrlSignatureBase.Write(new SignedUrlRequest<T>(message, _end), _created, _expires, GetEncodedKeyId(message), ref buffer);

    private readonly ReadOnlySpan<char> GetEncodedKeyId<T>(scoped in T message)
        where T : ISignableMessage
    {
        var target = message.RequestTarget;
        return target.Length < _keyIdStart + _keyIdLength ? default : target.Slice(_keyIdStart, _keyIdLength);
    }
}
