namespace Signing;

/// <summary>RFC 9421 §2. Goes through the component identifiers of a list that was read before.</summary>
internal ref struct ComponentReader
{
    private readonly bool _isResponse;
    private StructuredFieldReader _reader;
    private bool _isInside;

    public ComponentReader(ReadOnlySpan<char> list, bool isResponse)
    {
        _isResponse = isResponse;
        _reader = new StructuredFieldReader(list);
        _isInside = _reader.TryReadInnerListStart();
    }

    /// <summary>Reads the next identifier.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> at the end, and where the text is no such list.</returns>
    public bool TryRead(out ComponentIdentifier identifier)
    {
        identifier = default;
        _isInside = _isInside && _reader.TryReadInnerItem(out var name) && ComponentIdentifier.Read(ref _reader, name, _isResponse, out identifier) == SignatureStatus.Verified;
        return _isInside;
    }
}
