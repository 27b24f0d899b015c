using System.Buffers;
using System.Text;

namespace Signing;

/// <summary>Tells byte by byte whether what was percent-decoded is valid UTF-8.</summary>
internal ref struct Utf8Checker(Span<byte> scratch)
{
    /// <summary>Bytes of the longest UTF-8 sequence, and so of the scratch space.</summary>
    public const int ScratchLength = 4;

    private readonly Span<byte> _sequence = scratch;
    private int _length;

    /// <summary>Gets whether no sequence is left unfinished.</summary>
    public readonly bool IsComplete => _length == 0;

    public bool TryAdd(byte value)
    {
        if (_length == 0 && value < 0x80)
        {
            return true;
        }

        _sequence[_length++] = value;
        var status = Rune.DecodeFromUtf8(_sequence[.._length], out _, out _);
        if (status == OperationStatus.Done)
        {
            _length = 0;
        }

        return status != OperationStatus.InvalidData;
    }
}
