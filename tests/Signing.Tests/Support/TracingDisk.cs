using System.Collections.Concurrent;
using Signing.AspNetCore;

namespace Signing.Tests.Support;

/// <summary>The real disk, each call of which is recorded, held back or made to fail as the test says.</summary>
internal sealed class TracingDisk : Disk
{
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly ConcurrentQueue<string> _calls = new();
    private volatile string? _failing;
    private volatile string _failingEnding = "";
    private (string Kind, bool IsDenied) _held;
    private int _refusals;
    private byte[] _flushed = [];
    private byte[]? _replaced;

    /// <summary>Gets the calls since the last <see cref="Clear"/>, such as <c>flush grants.journal</c>.</summary>
    public string[] Calls => [.. _calls];

    /// <summary>Gets or sets what a flush of a file waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Gets or sets how many bytes a failing write leaves behind.</summary>
    public int TornBytes { get; set; }

    /// <summary>Gets or sets what is given, before each call, every content that the journal may have if the computer ends now.</summary>
    public Action<byte[]>? Crashing { get; set; }

    public void Clear() => _calls.Clear();

    /// <summary>Makes every call of a kind fail, for all files or those with an ending, until told otherwise by <see langword="null"/>.</summary>
    public void Fail(string? kind, string ending = "") => (_failingEnding, _failing) = (ending, kind);

    /// <summary>Makes calls of a kind fail so many times, as on Windows while another program has the file open.</summary>
    public void Hold(string kind, bool isDenied, int times) => (_held, _refusals) = ((kind, isDenied), times);

    /// <summary>Gets how long was waited for other programs; no time passes.</summary>
    public TimeSpan Rested { get; private set; }

    /// <summary>Gets or sets what another program does meanwhile.</summary>
    public Action? Resting { get; set; }

    public override bool DeniesWhatIsOpen => true;

    public override void Rest(TimeSpan time)
    {
        Rested += time;
        Resting?.Invoke();
    }

    public override FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        Record($"open {mode}", path);
        return base.Open(path, mode, access, share);
    }

    public override void Write(FileStream file, ReadOnlySpan<byte> data)
    {
        if (Fails("write", file.Name))
        {
            base.Write(file, data[..Math.Min(TornBytes, data.Length)]);
        }

        Record("write", file.Name);
        base.Write(file, data);
    }

    public override void Flush(FileStream file)
    {
        Gate.GetAwaiter().GetResult();
        Record("flush", file.Name);
        base.Flush(file);
        if (!file.Name.EndsWith(NewEnding, StringComparison.Ordinal))
        {
            _flushed = ReadAll(file.Name);
        }
    }

    public override void Replace(string source, string target)
    {
        Record("replace", target);
        _replaced = _flushed;
        base.Replace(source, target);
        _flushed = ReadAll(target);
    }

    public override void FlushDirectory(string path)
    {
        Record("flush directory", path);
        base.FlushDirectory(path);
        _replaced = null;
    }

    private bool Fails(string kind, string path) => _failing == kind && path.EndsWith(_failingEnding, StringComparison.Ordinal);

    private void Record(string kind, string path)
    {
        _calls.Enqueue($"{kind} {Path.GetFileName(path)}");
        Crash(path);
        if (_refusals > 0 && kind == _held.Kind)
        {
            _refusals--;
            throw _held.IsDenied ? new UnauthorizedAccessException() : new IOException("In use.", SharingViolation);
        }

        if (Fails(kind, path))
        {
            throw new IOException($"The test lets {kind} fail.");
        }
    }

    // What was flushed is there. Of what was only written there may be all, a part or nothing; and as long as the directory
    // was not flushed, the file may be the former one.
    private void Crash(string path)
    {
        if (Crashing is not { } crashing)
        {
            return;
        }

        crashing(_flushed);
        if (_replaced is not null)
        {
            crashing(_replaced);
        }

        if (!path.EndsWith(NewEnding, StringComparison.Ordinal) && File.Exists(path) && ReadAll(path) is var written && written.Length > _flushed.Length)
        {
            crashing(written);
            crashing(written[..((_flushed.Length + written.Length) / 2)]);
        }
    }

    // The store has the file open for writing.
    private static byte[] ReadAll(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
