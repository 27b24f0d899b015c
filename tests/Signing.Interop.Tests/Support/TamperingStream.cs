using System.Text;

namespace Signing.Interop.Tests.Support;

/// <summary>A connection on which somebody changes the bytes that are sent, piece by piece, and the status of the answer.</summary>
public sealed class TamperingStream(Stream connection, (string From, string To)[] replacements, int? answerStatus) : Stream
{
    private readonly HashSet<string> _replaced = [];

    /// <summary>Gets how many of the replacements have taken place.</summary>
    public int Replaced => _replaced.Count;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => connection.Read(buffer, offset, count);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await connection.ReadAsync(buffer, cancellationToken);
        if (answerStatus is { } status && buffer.Span.StartsWith("HTTP/1.1 200"u8))
        {
            Encoding.ASCII.GetBytes($"HTTP/1.1 {status}", buffer.Span);
        }

        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => connection.Write(Tampered(buffer.AsSpan(offset, count)));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.WriteAsync(Tampered(buffer.Span), cancellationToken);

    public override void Flush() => connection.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    private byte[] Tampered(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        foreach ((string from, string to) in replacements)
        {
            if (text.Contains(from, StringComparison.Ordinal))
            {
                text = text.Replace(from, to, StringComparison.Ordinal);
                _replaced.Add(from);
            }
        }

        return Encoding.Latin1.GetBytes(text);
    }
}
