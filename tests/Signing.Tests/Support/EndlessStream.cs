namespace Signing.Tests.Support;

/// <summary>Never gives a byte and never ends, like the content of a server that does not go on; whoever reads it waits until its token is cancelled, or on a thread until it is disposed of.</summary>
public sealed class EndlessStream : Stream
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _disposed = new();
    private volatile bool _isRead;
    private volatile bool _wasTakenAway;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sends a request synchronously, gives up once its answer is read, and asserts that the thread is free again.</summary>
    public async Task LeaveAsync(HttpMessageInvoker client, HttpRequestMessage request)
    {
        using var caller = new CancellationTokenSource();
        Task<HttpResponseMessage> sent = Task.Factory.StartNew(() => client.Send(request, caller.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAny(_read.Task, sent).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await caller.CancelAsync();

        OperationCanceledException left = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(caller.Token, left.CancellationToken);
        Assert.False(_wasTakenAway, "It was disposed of under its reader: .NET would read on, and the connection would have two readers.");
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        _isRead = true;
        _read.TrySetResult();
        return _disposed.Wait(Patience + Patience, TestContext.Current.CancellationToken) ? throw new ObjectDisposedException(nameof(EndlessStream)) : 0;
    }

    public override int Read(Span<byte> buffer) => Read([], 0, 0);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _isRead = true;
        _read.TrySetResult();
        try
        {
            return await new TaskCompletionSource<int>().Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _isRead = false;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _wasTakenAway |= _isRead;
        _disposed.Set();
        base.Dispose(disposing);
    }
}
