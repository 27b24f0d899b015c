using System.Diagnostics.CodeAnalysis;

namespace Signing;

/// <summary>RFC 9421 §3.2. Holds one signature that passed every check that needs no key.</summary>
/// <remarks>
/// It crosses the asynchronous look-up of the key, so it keeps positions in the field lines instead of the text: give the same
/// message again. A different one ends as <see cref="SignatureStatus.MalformedSignatureInput"/>, never as an exception.
/// </remarks>
public struct SignatureCandidate
{
    private int _label;
    private ushort _line;
    private ushort _start;
    private ushort _length;
    private ushort _keyIdStart;
    private ushort _keyIdLength;
    private bool _coversContentDigest;
    private bool _isCanonical;
    private byte _known;
    private SignatureParameterNames _present;
    private long _created;
    private long _expires;
    private MacBytes _mac;

    /// <summary>Gets when the signature was made, to the second.</summary>
    public readonly DateTimeOffset Created => DateTimeOffset.FromUnixTimeSeconds(_created);

    /// <summary>Gets when the signature ends, to the second; <see langword="null"/> if the signer set no end.</summary>
    public readonly DateTimeOffset? Expires => (_present & SignatureParameterNames.Expires) != 0 ? DateTimeOffset.FromUnixTimeSeconds(_expires) : null;

    /// <summary>Gets which parameters the signer set.</summary>
    public readonly SignatureParameterNames Parameters => _present;

    /// <summary>Gets whether the whole <c>Content-Digest</c> field is covered.</summary>
    public readonly bool CoversContentDigest => _coversContentDigest;

    internal readonly int Label => _label;

    internal readonly bool IsCanonical => _isCanonical;

    // The place of the covered components in the verifier's KnownLists; none if the parameters are not canonical. A number, because a reference in here would make each
    // copy of the candidate a matter for the garbage collector.
    internal readonly int Known => _known;

    [UnscopedRef]
    internal readonly ReadOnlySpan<byte> Mac => _mac;

    [UnscopedRef]
    internal Span<byte> ReceivedMac => _mac;

    /// <summary>Gets the key id, to look the key up with.</summary>
    /// <param name="message">The message the candidate was read from.</param>
    /// <param name="buffer">Room for <see cref="SignatureLimits.MaxKeyIdLength"/> characters, used only if the key id has escapes.</param>
    /// <returns>The key id: a window on the message or on <paramref name="buffer"/>; empty if it is another message.</returns>
    public readonly ReadOnlySpan<char> GetKeyId<T>(scoped in T message, Span<char> buffer)
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

    /// <summary>Gets the label, which says nothing about the signature; a response that covers it names it.</summary>
    /// <param name="message">The message the candidate was read from.</param>
    /// <returns>The label: a window on the message; empty if it is another message.</returns>
    public readonly ReadOnlySpan<char> GetLabel<T>(scoped in T message)
        where T : ISignableMessage
    {
        var line = GetLine(message);
        if (_start == 0 || line.Length < _start || line[_start - 1] != '=')
        {
            return default;
        }

        // RFC 9651 §4.2.2: between the key and its value stands the equals sign alone.
        var start = _start - 1;
        while (start > 0 && CharacterClass.IsKey(line[start - 1]))
        {
            start--;
        }

        return line[start..(_start - 1)];
    }

    /// <summary>Tells whether a component is covered.</summary>
    /// <param name="message">The message the candidate was read from.</param>
    /// <param name="component">A field name in lower case, <c>@path</c> and the like, or an identifier with its parameters.</param>
    /// <returns><see langword="true"/> if exactly this component is covered, otherwise <see langword="false"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="component"/> is not a component identifier.</exception>
    public readonly bool Covers<T>(in T message, string component)
        where T : ISignableMessage =>
        CoveredComponents.Contain(GetText(message), T.IsResponse, ComponentText.Parse(ComponentText.Serialize(component), T.IsResponse));

    /// <summary>Tells whether another signature of the same message is covered, by its label as <c>"signature";key="sig"</c>.</summary>
    /// <param name="message">The message that both candidates were read from.</param>
    /// <param name="other">The other signature; verify it too, or what is covered may be anything.</param>
    /// <returns><see langword="true"/> if its value is covered, otherwise <see langword="false"/>.</returns>
    public readonly bool CoversSignature<T>(in T message, in SignatureCandidate other)
        where T : ISignableMessage
    {
        var label = other.GetLabel(message);
        return !label.IsEmpty && EarlierSignatures.IsCovered(GetText(message), label, T.IsResponse);
    }

    // Fills the candidate where it stands: it is too large to be copied about while reading.
    internal void Set(int label, int line, ReadOnlySpan<char> text, Range member, in SignatureParameters parameters, bool coversContentDigest, bool isCanonical, int known)
    {
        text.Overlaps(parameters.KeyId, out var keyIdStart);
        _label = label;
        _line = (ushort)line;
        (var start, var length) = member.GetOffsetAndLength(text.Length);
        _start = (ushort)start;
        _length = (ushort)length;
        _keyIdStart = (ushort)keyIdStart;
        _keyIdLength = (ushort)parameters.KeyId.Length;
        _coversContentDigest = coversContentDigest;
        _isCanonical = isCanonical;
        _present = parameters.Present;
        _created = parameters.Created;
        _expires = parameters.Expires;
        _known = (byte)known;
    }

    // The covered components with the parameters, as received; empty if it is another message.
    internal readonly ReadOnlySpan<char> GetText<T>(scoped in T message)
        where T : ISignableMessage
    {
        var line = GetLine(message);
        return line.Length < _start + _length ? default : line.Slice(_start, _length);
    }

    private readonly ReadOnlySpan<char> GetLine<T>(scoped in T message)
        where T : ISignableMessage =>
        SignatureInput.Trim(message.GetFieldLine(SignatureInput.FieldName, _line, out _));
}
