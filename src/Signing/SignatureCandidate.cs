using System.Diagnostics.CodeAnalysis;

namespace Signing;

/// <summary>RFC 9421 §3.2. Holds one signature that passed every check that needs no key.</summary>
/// <remarks>
/// It crosses the asynchronous look-up of the key, so it keeps positions in the field lines instead of the text: give the same
/// message again. A different one ends as <see cref="SignatureStatus.MalformedSignatureInput"/>, never as an exception.
/// </remarks>
public readonly struct SignatureCandidate
{
    internal readonly int Label;
    internal readonly bool IsCanonical;

    private readonly ushort _line;
    private readonly ushort _start;
    private readonly ushort _length;
    private readonly ushort _keyIdStart;
    private readonly ushort _keyIdLength;
    private readonly long _created;
    private readonly long _expires;
    private readonly SignatureParameterNames _present;
    private readonly MacBytes _mac;

    internal SignatureCandidate(int label, int line, ReadOnlySpan<char> text, Range member, in SignatureParameters parameters, bool coversContentDigest, bool isCanonical)
    {
        text.Overlaps(parameters.KeyId, out var keyIdStart);
        Label = label;
        IsCanonical = isCanonical;
        CoversContentDigest = coversContentDigest;
        _line = (ushort)line;
        (var start, var length) = member.GetOffsetAndLength(text.Length);
        _start = (ushort)start;
        _length = (ushort)length;
        _keyIdStart = (ushort)keyIdStart;
        _keyIdLength = (ushort)parameters.KeyId.Length;
        _created = parameters.Created;
        _expires = parameters.Expires;
        _present = parameters.Present;
    }

    internal SignatureCandidate(in SignatureCandidate candidate, in MacBytes mac)
    {
        this = candidate;
        _mac = mac;
    }

    /// <summary>Gets when the signature was made, to the second.</summary>
    public DateTimeOffset Created => DateTimeOffset.FromUnixTimeSeconds(_created);

    /// <summary>Gets when the signature ends, to the second; <see langword="null"/> if the signer set no end.</summary>
    public DateTimeOffset? Expires => (_present & SignatureParameterNames.Expires) != 0 ? DateTimeOffset.FromUnixTimeSeconds(_expires) : null;

    /// <summary>Gets which parameters the signer set.</summary>
    public SignatureParameterNames Parameters => _present;

    /// <summary>Gets whether the whole <c>Content-Digest</c> field is covered.</summary>
    public bool CoversContentDigest { get; }

    [UnscopedRef]
    internal ReadOnlySpan<byte> Mac => _mac;

    /// <summary>Gets the key id, to look the key up with.</summary>
    /// <param name="message">The message the candidate was read from.</param>
    /// <param name="buffer">Room for <see cref="SignatureLimits.MaxKeyIdLength"/> characters, used only if the key id has escapes.</param>
    /// <returns>The key id: a window on the message or on <paramref name="buffer"/>; empty if it is another message.</returns>
    public ReadOnlySpan<char> GetKeyId<T>(scoped in T message, Span<char> buffer)
        where T : ISignableMessage
    {
        var line = GetLine(message);
        if (line.Length < _keyIdStart + _keyIdLength)
        {
            return default;
        }

        var keyId = line.Slice(_keyIdStart, _keyIdLength);
        if (!keyId.Contains('\\'))
        {
            return keyId;
        }

        return QuotedString.TryUnescape(keyId, buffer, out var written) ? buffer[..written] : default;
    }

    /// <summary>Tells whether a component is covered.</summary>
    /// <param name="message">The message the candidate was read from.</param>
    /// <param name="component">A field name in lower case, <c>@path</c> and the like, or an identifier with its parameters.</param>
    /// <returns><see langword="true"/> if exactly this component is covered, otherwise <see langword="false"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="component"/> is not a component identifier.</exception>
    public bool Covers<T>(in T message, string component)
        where T : ISignableMessage =>
        CoveredComponents.Contain(GetText(message), ComponentText.Parse(ComponentText.Serialize(component)));

    // The covered components with the parameters, as received; empty if it is another message.
    internal ReadOnlySpan<char> GetText<T>(scoped in T message)
        where T : ISignableMessage
    {
        var line = GetLine(message);
        return line.Length < _start + _length ? default : line.Slice(_start, _length);
    }

    private ReadOnlySpan<char> GetLine<T>(scoped in T message)
        where T : ISignableMessage =>
        _line < message.CountFieldLines(SignatureInput.FieldName) ? SignatureInput.Trim(message.GetFieldLine(SignatureInput.FieldName, _line)) : default;
}
