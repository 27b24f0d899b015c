using System.Buffers;

namespace Signing.AspNetCore;

/// <summary>Content in rented memory, kept until it is known what becomes of it.</summary>
internal struct KeptContent
{
    private const int FirstBytes = 4096;

    private byte[]? _bytes;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public readonly ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public void Add(ReadOnlySpan<byte> content)
    {
        int room = _bytes?.Length ?? 0;
        if (Length + content.Length > room)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBytes, Math.Max(Length + content.Length, room * 2)));
            Span.CopyTo(larger);
            Return();
            _bytes = larger;
        }

        content.CopyTo(_bytes.AsSpan(Length));
        Length += content.Length;
    }

    /// <summary>Forgets the content, and gives its memory back.</summary>
    public void Release()
    {
        Return();
        _bytes = null;
        Length = 0;
    }

    private readonly void Return()
    {
        if (_bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
