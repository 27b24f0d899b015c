using System.Runtime.ExceptionServices;

namespace Signing.Client;

/// <summary>Gives what was read ahead of its reader, and then what follows, or the failure that came there.</summary>
/// <param name="ahead">What was read.</param>
/// <param name="rest">What follows.</param>
/// <param name="broken">Why nothing follows; a connection that broke would otherwise look like the end.</param>
/// <param name="owner">Disposed of with this.</param>
internal sealed class ReadAheadStream(ReadOnlyMemory<byte> ahead, Stream rest, ExceptionDispatchInfo? broken, IDisposable owner) : Stream
{
    private ReadOnlyMemory<byte> _ahead = ahead;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override int Read(Span<byte> buffer)
    {
        if (TryReadAhead(buffer, out int read))
        {
            return read;
        }

        broken?.Throw();
        return rest.Read(buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (TryReadAhead(buffer.Span, out int read))
        {
            return ValueTask.FromResult(read);
        }

        return broken is null ? rest.ReadAsync(buffer, cancellationToken) : ValueTask.FromException<int>(broken.SourceException);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
            owner.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool TryReadAhead(Span<byte> buffer, out int read)
    {
        read = Math.Min(buffer.Length, _ahead.Length);
        _ahead.Span[..read].CopyTo(buffer);
        _ahead = _ahead[read..];
        return read > 0 || buffer.IsEmpty;
    }
}
