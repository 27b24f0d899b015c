namespace Signing.AspNetCore;

// Holds a file for one process by the lock file beside it. Outside Windows anybody who may write the folder can delete
// that, and the next process then locks one of its own: so whoever writes asks before each write.
internal sealed class FileLock : IDisposable
{
    private readonly string _path;
    private readonly Disk _disk;
    private FileStream _held;

    public FileLock(string path, Disk disk)
    {
        _path = path;
        _disk = disk;
        _held = Take();
    }

    // Takes a lock file anew that is gone, unless somebody else has done so.
    public void Require()
    {
        if (!File.Exists(_path))
        {
            FileStream gone = _held;
            _held = Take();
            gone.Dispose();
        }
        else if (File.GetLastWriteTimeUtc(_path) != File.GetLastWriteTimeUtc(_held.SafeFileHandle))
        {
            throw new IOException(
                $"The lock file {_path} was replaced while this process used what it locks, so another process may have written there: this one writes nothing any more. "
                + "Stop both, see which file is the right one, and start one of them.");
        }
    }

    public void Dispose() => _held.Dispose();

    private FileStream Take()
    {
        FileStream taken = _disk.Acquire(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            // A copy of a lock file, as in a backup, is told from the first by when it was taken.
            File.SetLastWriteTimeUtc(taken.SafeFileHandle, TimeProvider.System.GetUtcNow().UtcDateTime);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's file, which this one may write: when it was made has to do.
        }

        return taken;
    }
}
