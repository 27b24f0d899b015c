namespace Signing.Client;

/// <summary>Takes the bytes of a body, hashes them and, if asked, keeps them up to a limit.</summary>
internal sealed class HashingStream(ContentHasher hasher, long keepAtMost, Func<long, Exception> tooLong) : Stream
{
    private const int FirstCapacity = 4096;

    [ThreadStatic]
    private static HashingStream? _idle;

    private ContentHasher _hasher = hasher;
    private bool _isRented;
    private byte[] _kept = [];
    private int _keptLength;
    private Exception? _refusal;

    /// <summary>As <c>keepAtMost</c>: hashes any number of bytes and keeps none.</summary>
    public const long KeepNothing = -1;

    /// <summary>How many bytes were hashed.</summary>
    public long Count { get; private set; }

    public ReadOnlyMemory<byte> Kept => _kept.AsMemory(0, _keptLength);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gets one that keeps nothing, for a content that lets go of it once it is copied; disposing of it makes it idle.</summary>
    public static HashingStream Rent(ContentHasher hasher)
    {
        HashingStream stream = _idle ?? new HashingStream(hasher, KeepNothing, BodyDigest.TooLong);
        _idle = null;
        stream._hasher = hasher;
        stream._isRented = true;
        return stream;
    }

    /// <summary>Throws what a write was refused with: a content may have taken no notice of it, and what is here is a part then.</summary>
    public void ThrowIfRefused()
    {
        if (_refusal is not null)
        {
            throw _refusal;
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ThrowIfRefused();
        if (keepAtMost >= 0)
        {
            Keep(buffer);
        }

        _hasher.Append(buffer);
        Count += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            _refusal ??= new OperationCanceledException(cancellationToken);
            return ValueTask.FromCanceled(cancellationToken);
        }

        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        (_hasher, _refusal) = (default, null);
        if (_isRented)
        {
            (_isRented, Count) = (false, 0);
            _idle = this;
        }

        base.Dispose(disposing);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        long length = (long)_keptLength + bytes.Length;
        if (length > keepAtMost)
        {
            _refusal = tooLong(keepAtMost);
            throw _refusal;
        }

        if (length > _kept.Length)
        {
            // At least doubled, so that copying stays linear; never beyond the limit.
            long capacity = Math.Min(Math.Max(Math.Max(length, _kept.Length * 2L), FirstCapacity), Math.Min(keepAtMost, Array.MaxLength));
            Array.Resize(ref _kept, checked((int)Math.Max(capacity, length)));
        }

        bytes.CopyTo(_kept.AsSpan(_keptLength));
        _keptLength = (int)length;
    }
}
