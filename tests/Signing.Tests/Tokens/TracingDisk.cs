using System.Collections.Concurrent;
using Signing.AspNetCore;

namespace Signing.Tests.Tokens;

/// <summary>The real disk, each call of which is recorded, held back or made to fail as the test says.</summary>
internal sealed class TracingDisk : JournalDisk
{
    private readonly ConcurrentQueue<string> _calls = new();
    private volatile string? _failing;

    /// <summary>Gets the calls since the last <see cref="Clear"/>, such as <c>flush grants.journal</c>.</summary>
    public string[] Calls => [.. _calls];

    /// <summary>Gets or sets what a flush of a file waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Gets or sets how many bytes a failing write leaves behind.</summary>
    public int TornBytes { get; set; }

    public void Clear() => _calls.Clear();

    /// <summary>Makes every call of a kind fail, until told otherwise by <see langword="null"/>.</summary>
    public void Fail(string? kind) => _failing = kind;

    public override FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        Record($"open {mode}", path);
        return base.Open(path, mode, access, share);
    }

    public override void Write(FileStream file, ReadOnlySpan<byte> data)
    {
        if (_failing == "write")
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
    }

    public override void Replace(string source, string target)
    {
        Record("replace", target);
        base.Replace(source, target);
    }

    public override void FlushDirectory(string path)
    {
        Record("flush directory", path);
        base.FlushDirectory(path);
    }

    private void Record(string kind, string path)
    {
        _calls.Enqueue($"{kind} {Path.GetFileName(path)}");
        if (_failing == kind)
        {
            throw new IOException($"The test lets {kind} fail.");
        }
    }
}
