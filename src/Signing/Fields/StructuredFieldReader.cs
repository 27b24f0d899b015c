namespace Signing;

/// <summary>RFC 9651 §4.2. Reads a List, a Dictionary or an Item from the text of a field, forward only, without allocating or throwing.</summary>
/// <remarks>
/// A <c>TryRead…</c> that returns <see langword="false"/> means "no more" or "malformed": ask <see cref="Failed"/> which. After
/// a failure every call returns <see langword="false"/>. Read each member to its end, parameters included, before the next.
/// The RFC lets the last of several equal keys win; this reader hands on each of them, so that its caller decides.
/// </remarks>
public ref partial struct StructuredFieldReader
{
    private readonly ReadOnlySpan<char> _text;
    private int _position;
    private bool _started;
    private bool _innerListStarted;
    private bool _valueIsImplicit;

    /// <summary>Starts at the beginning of a field value.</summary>
    /// <param name="text">The value of one field line, or of several joined with a comma.</param>
    public StructuredFieldReader(ReadOnlySpan<char> text)
    {
        _text = text;
        IsCanonical = true;
    }

    /// <summary>Gets whether the text is malformed as far as it was read.</summary>
    public bool Failed { get; private set; }

    /// <summary>Gets whether all that was read since the start of the current member is written as §4.1 would write it.</summary>
    public bool IsCanonical { get; private set; }

    /// <summary>Gets how many characters have been read.</summary>
    public readonly int Position => _position;

    /// <summary>§4.2.2. Reads the key of the next member of a Dictionary; its value and parameters follow.</summary>
    /// <param name="key">The key; empty if there is none.</param>
    /// <returns><see langword="true"/>; <see langword="false"/> at the end or if the text is malformed.</returns>
    public bool TryReadKey(out ReadOnlySpan<char> key)
    {
        key = default;
        if (!TryMoveToMember())
        {
            return false;
        }

        if (!TryReadName(out key))
        {
            return Fail();
        }

        _valueIsImplicit = !TryConsume('=');
        return true;
    }

    /// <summary>§4.2.1. Moves to the next member of a List; its value and parameters follow.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> at the end or if the text is malformed.</returns>
    public bool TryReadListMember() => TryMoveToMember();

    /// <summary>§4.2.3.1. Reads a bare item: the value of a member, or the value of an Item field; its parameters follow.</summary>
    /// <param name="item">The item; for a Dictionary key that stands alone Boolean true.</param>
    /// <returns><see langword="true"/>; <see langword="false"/> if the text is malformed.</returns>
    public bool TryReadBareItem(out BareItem item)
    {
        if (_valueIsImplicit)
        {
            _valueIsImplicit = false;
            item = BareItem.ImplicitTrue;
            return !Failed;
        }

        if (!_started)
        {
            _started = true;
            SkipSpaces();
        }

        return TryParseBareItem(out item) || Fail();
    }

    /// <summary>§4.2.1.2. Enters an Inner List if the value is one; items and, after the last, the list's parameters follow.</summary>
    /// <returns><see langword="true"/> if the value is an Inner List; <see langword="false"/>, nothing read, if it is not.</returns>
    public bool TryReadInnerListStart()
    {
        if (Failed || _valueIsImplicit || !TryConsume('('))
        {
            return false;
        }

        _innerListStarted = true;
        return true;
    }

    /// <summary>§4.2.1.2. Reads the next item of the Inner List; its parameters follow.</summary>
    /// <param name="item">The item; nothing at the end of the list.</param>
    /// <returns><see langword="true"/>; <see langword="false"/> at the closing parenthesis or if the text is malformed.</returns>
    public bool TryReadInnerItem(out BareItem item)
    {
        item = default;
        if (Failed)
        {
            return false;
        }

        var spaces = SkipSpaces();
        if (TryConsume(')'))
        {
            IsCanonical &= spaces == 0;
            return false;
        }

        // RFC 9651 §4.2.1.2 step 2.4: after an item stands a space or the closing parenthesis.
        if (spaces == 0 && !_innerListStarted)
        {
            return Fail();
        }

        IsCanonical &= spaces == (_innerListStarted ? 0 : 1);
        _innerListStarted = false;
        return TryReadBareItem(out item);
    }

    /// <summary>§4.2.3.2. Reads the next parameter of what was read last.</summary>
    /// <param name="key">The key; empty if there is none.</param>
    /// <param name="value">The value; Boolean true for a key that stands alone.</param>
    /// <returns><see langword="true"/>; <see langword="false"/> after the last parameter or if the text is malformed.</returns>
    public bool TryReadParameter(out ReadOnlySpan<char> key, out BareItem value)
    {
        key = default;
        value = default;
        if (Failed || !TryConsume(';'))
        {
            return false;
        }

        IsCanonical &= SkipSpaces() == 0;
        if (!TryReadName(out key))
        {
            return Fail();
        }

        if (!TryConsume('='))
        {
            value = BareItem.ImplicitTrue;
            return true;
        }

        if (!TryParseBareItem(out value))
        {
            return Fail();
        }

        // RFC 9651 §4.1.1.2 step 3: true is written as the key alone.
        IsCanonical &= !(value.Type == BareItemType.Boolean && value.Number == 1);
        return true;
    }

    /// <summary>§4.2 step 7. Checks that nothing but spaces follows an Item field.</summary>
    /// <returns><see langword="true"/> at the end; <see langword="false"/> if text follows or the field is malformed.</returns>
    public bool TryReadEnd()
    {
        SkipSpaces();
        return !Failed && (_position == _text.Length || Fail());
    }
}
