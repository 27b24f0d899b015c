using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

// The file of the journal, written by one worker at a time: what comes while a flush is under way is written by the next
// one, all in one line. After a failure the file may end in the middle of a line, so the next write replaces it as a whole.
internal sealed class JournalFile : IDisposable
{
    // The file is replaced when it has grown to four times what it holds, but not below 16 MiB.
    public const int GrowthFactor = 4;
    public const long MinCompaction = 16 << 20;

    private const int ChunkSize = 1 << 16;

    private readonly string _path;
    private readonly FileLock _lock;
    private readonly GrantTable _table;
    private readonly Disk _disk;
    private readonly ILogger _logger;
    private readonly long _minCompaction;
    private readonly object _gate = new();
    private readonly OutagePace _pace = new();

    // Of the worker alone.
    private FileStream? _file;
    private long _length;
    private long _compactLength;
    private bool _mustReplace;

    // Under the gate.
    private JournalBatch? _next;
    private JournalBatch? _current;
    private bool _working;
    private bool _failed;
    private bool _closed;

    public JournalFile(string path, FileLock fileLock, GrantTable table, Disk disk, ILogger logger, long minCompaction = MinCompaction)
    {
        _path = path;
        _lock = fileLock;
        _table = table;
        _disk = disk;
        _logger = logger;
        _minCompaction = minCompaction;
    }

    public void Append(JournalRow row)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            NextBatch().Rows.Add(row);
        }
    }

    // Completes when everything appended before lasts.
    public Task FlushedAsync()
    {
        lock (_gate)
        {
            if (_next is not null)
            {
                return _next.Done;
            }

            if (_current is not null)
            {
                return _current.Done;
            }

            if (!_failed)
            {
                return Task.CompletedTask;
            }

            // What was appended before the failure is in the table and not on the disk: replacing the file makes it last.
            ObjectDisposedException.ThrowIf(_closed, this);
            return NextBatch().Done;
        }
    }

    // Writes all that the table holds into a new file, which takes the place of the old one at once or not at all.
    public void Replace()
    {
        _mustReplace = true;
        _file?.Dispose();
        _file = null;
        _disk.Rewrite(_path, file => _length = WriteTable(file));
        _file = _disk.Acquire(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
        _compactLength = _length;
        _mustReplace = false;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            while (_working)
            {
                Monitor.Wait(_gate);
            }
        }

        _file?.Dispose();
    }

    private JournalBatch NextBatch()
    {
        if (_next is null)
        {
            _next = new JournalBatch();
            if (!_working)
            {
                _working = true;
                ThreadPool.UnsafeQueueUserWorkItem(static file => file.Work(), this, preferLocal: false);
            }
        }

        return _next;
    }

    private void Work()
    {
        while (TryTake(out JournalBatch batch))
        {
            Exception? failure = null;
            try
            {
                Write(batch);
            }
            catch (Exception exception)
            {
                // Whatever it was, those who wait get it, and nothing counts as written.
                _mustReplace = true;
                if (_pace.IsDue())
                {
                    _logger.JournalFailed(_path, exception);
                }

                failure = exception;
            }

            Finish(batch, failure);
        }
    }

    private bool TryTake(out JournalBatch batch)
    {
        lock (_gate)
        {
            batch = _next!;
            _current = _next;
            _next = null;
            _working = _current is not null;
            Monitor.PulseAll(_gate);
            return _working;
        }
    }

    private void Finish(JournalBatch batch, Exception? failure)
    {
        lock (_gate)
        {
            // Nobody may wait for this batch any more, because after a failure the next one decides.
            _current = null;
            _failed = failure is not null;
        }

        if (failure is null)
        {
            batch.Complete();
        }
        else
        {
            batch.Fail(failure);
        }
    }

    private void Write(JournalBatch batch)
    {
        _lock.Require();
        if (_mustReplace || _length > Math.Max(_minCompaction, GrowthFactor * _compactLength))
        {
            // The table has been changed before its rows came here, so it has all of them.
            Replace();
            return;
        }

        var line = new ArrayBufferWriter<byte>();
        JournalLine.Write(line, [.. batch.Rows]);
        _disk.Write(_file!, line.WrittenSpan);
        _disk.Flush(_file!);
        _length += line.WrittenCount;
        if (Disk.LengthOf(_path) != _length)
        {
            // Taken away, or replaced as by a backup: what was flushed would be gone with the next start.
            _logger.JournalTakenAway(_path);
            Replace();
        }
    }

    private long WriteTable(FileStream file)
    {
        _table.Sweep();
        var buffer = new ArrayBufferWriter<byte>(ChunkSize * 2);
        long length = 0;
        JournalLine.WriteHeader(buffer);
        foreach (JournalRow row in _table.Rows)
        {
            JournalLine.Write(buffer, [row]);
            if (buffer.WrittenCount >= ChunkSize)
            {
                length += WriteChunk(file, buffer);
            }
        }

        return length + WriteChunk(file, buffer);
    }

    private long WriteChunk(FileStream file, ArrayBufferWriter<byte> buffer)
    {
        int length = buffer.WrittenCount;
        _disk.Write(file, buffer.WrittenSpan);
        buffer.ResetWrittenCount();
        return length;
    }
}
