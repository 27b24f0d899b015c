namespace Signing.AspNetCore;

// A journal that no host has open, read as a whole and held so that none opens it meanwhile; the file stays as it is.
internal sealed class ClosedJournal : IDisposable
{
    private readonly FileLock _lock;

    private ClosedJournal(FileLock fileLock, IReadOnlyList<JournalRow> rows)
    {
        _lock = fileLock;
        Rows = rows;
    }

    // Without the grants that have ended.
    public IReadOnlyList<JournalRow> Rows { get; }

    public static ClosedJournal Open(string path)
    {
        var disk = new Disk();
        FileLock held = JournalGrantStore.Lock(path, disk);
        ClosedJournal? journal = null;
        try
        {
            journal = new ClosedJournal(held, Read(path, disk));
            return journal;
        }
        finally
        {
            if (journal is null)
            {
                held.Dispose();
            }
        }
    }

    public void Dispose() => _lock.Dispose();

    // A last line that is torn was never confirmed to anybody.
    private static List<JournalRow> Read(string path, Disk disk)
    {
        var table = new GrantTable(int.MaxValue, TimeProvider.System);
        using FileStream file = disk.Acquire(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        JournalReader.Read(file, path, table);
        table.Sweep();
        return [.. table.Rows];
    }
}
