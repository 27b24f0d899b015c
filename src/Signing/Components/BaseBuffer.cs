using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Signing;

/// <summary>Collects the bytes of a signature base: first on the stack, then in a rented array that is cleared when given back.</summary>
/// <remarks>Once anything fails to fit or is not ASCII it stays <see cref="Failed"/>, and what follows is dropped.</remarks>
internal ref struct BaseBuffer
{
#if DEBUG
    /// <summary>Tiny in Debug, so that growing runs in every test.</summary>
    public const int InitialBytes = 16;
#else
    /// <summary>Bytes that an ordinary signature base stays below.</summary>
    public const int InitialBytes = 512;
#endif

    private Span<byte> _bytes;
    private byte[]? _rented;
    private int _length;
    private int _parsed;

    public BaseBuffer(Span<byte> initial) => _bytes = initial;

    /// <summary>Gets whether something was not ASCII, or the base is over its limit.</summary>
    public bool Failed { get; private set; }

    /// <summary>Gets whether the base is over <see cref="SignatureLimits.MaxSignatureBaseBytes"/>.</summary>
    public bool IsTooLarge { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _bytes[.._length];

    public void Append(byte value)
    {
        if (_length < _bytes.Length || TryGrow(1))
        {
            _bytes[_length++] = value;
        }
    }

    // Not inlined: the hash and all that stands before it compete for the instruction cache, and a line has many appends.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Append(scoped ReadOnlySpan<byte> ascii)
    {
        if (TryReserve(ascii.Length))
        {
            ascii.CopyTo(_bytes[_length..]);
            _length += ascii.Length;
        }
    }

    /// <summary>Narrows to ASCII; a character beyond it fails. RFC 9421 §2.5 step 4.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Append(scoped ReadOnlySpan<char> text)
    {
        if (!TryReserve(text.Length))
        {
            return;
        }

        Failed |= Ascii.FromUtf16(text, _bytes[_length..], out var written) != OperationStatus.Done;
        _length += written;
    }

    /// <summary>Narrows to ASCII in lower case.</summary>
    public void AppendLowerCase(scoped ReadOnlySpan<char> text)
    {
        if (!TryReserve(text.Length))
        {
            return;
        }

        Failed |= Ascii.ToLower(text, _bytes[_length..], out var written) != OperationStatus.Done;
        _length += written;
    }

    /// <summary>Counts characters that are parsed for a value. Each component of a field or query parses all of it again, so it is limited as what is written is.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if that is too much for one base.</returns>
    public bool TryCharge(int characters)
    {
        if (characters > SignatureLimits.MaxSignatureBaseBytes - _parsed)
        {
            Fail(isTooLarge: true);
            return false;
        }

        _parsed += characters;
        return true;
    }

    public void Fail(bool isTooLarge = false)
    {
        Failed = true;
        IsTooLarge |= isTooLarge;
    }

    public void Dispose()
    {
        if (_rented is null)
        {
            return;
        }

        // A base may hold a covered token header.
        ArrayPool<byte>.Shared.Return(_rented, clearArray: true);
        _rented = null;
        _bytes = default;
        _length = 0;
    }

    private bool TryReserve(int count) => count <= _bytes.Length - _length || TryGrow(count);

    private bool TryGrow(int count)
    {
        var needed = _length + count;
        if (needed > SignatureLimits.MaxSignatureBaseBytes)
        {
            Failed = IsTooLarge = true;
        }

        if (Failed)
        {
            return false;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _bytes.Length * 2));
        _bytes[.._length].CopyTo(larger);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented, clearArray: true);
        }

        _rented = larger;
        _bytes = larger;
        return true;
    }
}
