namespace Signing;

// RFC 9651 §4.2: the small steps that the public ones are made of.
public ref partial struct StructuredFieldReader
{
    private bool TryMoveToMember()
    {
        if (Failed)
        {
            return false;
        }

        if (!_started)
        {
            _started = true;
            SkipSpaces();
            return _position < _text.Length;
        }

        SkipOptionalWhitespace();
        if (_position == _text.Length)
        {
            return false;
        }

        if (!TryConsume(','))
        {
            return Fail();
        }

        SkipOptionalWhitespace();
        IsCanonical = true;

        // RFC 9651 §4.2.1 step 2.6: no trailing comma.
        return _position < _text.Length || Fail();
    }

    private bool TryParseBareItem(out BareItem item)
    {
        item = default;
        var length = Failed ? 0 : BareItemParser.Parse(_text[_position..], out item);
        _position += length;
        IsCanonical &= item.IsCanonical;
        return length != 0;
    }

    private bool TryReadName(out ReadOnlySpan<char> name)
    {
        var start = _position;
        name = default;
        if (start == _text.Length || !CharacterClass.IsKeyStart(_text[start]))
        {
            return false;
        }

        var end = start + 1;
        while (end < _text.Length && CharacterClass.IsKey(_text[end]))
        {
            end++;
        }

        _position = end;
        name = _text[start..end];
        return true;
    }

    private bool TryConsume(char c)
    {
        if (_position >= _text.Length || _text[_position] != c)
        {
            return false;
        }

        _position++;
        return true;
    }

    private int SkipSpaces()
    {
        var start = _position;
        while (_position < _text.Length && _text[_position] == ' ')
        {
            _position++;
        }

        return _position - start;
    }

    private void SkipOptionalWhitespace()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t')
        {
            _position++;
        }
    }

    private bool Fail()
    {
        Failed = true;
        return false;
    }
}
