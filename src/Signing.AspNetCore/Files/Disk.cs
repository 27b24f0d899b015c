using System.Runtime.InteropServices;

namespace Signing.AspNetCore;

// What the stores ask of the disk. Virtual, so that a test can see the order of the calls and make any of them fail.
internal partial class Disk
{
    private const int NotSupportedHere = 22;
    private const int Interrupted = 4;

    // Only the host's own user may read the file: it holds sealed keys and the names of clients.
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public const string NewEnding = ".new";

    // Beside the file that is locked, because that is replaced and its lock would go with it.
    private const string LockEnding = ".lock";

    // Makes what is missing of the directory of a file, so that it lasts.
    public void MakeDirectoryOf(string path)
    {
        string directory = Path.GetDirectoryName(path)!;
        if (Directory.Exists(directory))
        {
            return;
        }

        Directory.CreateDirectory(directory);
        FlushDirectory(Path.GetDirectoryName(directory)!);
    }

    // Until it is disposed of; throws what the caller makes of it if another process has it.
    public FileLock Lock(string path, Func<IOException, Exception> inUse)
    {
        try
        {
            return new FileLock(path + LockEnding, this);
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException))
        {
            throw inUse(exception);
        }
    }

    // A crash at any point leaves the former file or the new one.
    public void Rewrite(string path, Action<FileStream> write)
    {
        using (FileStream file = Acquire(path + NewEnding, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            write(file);
            Flush(file);
        }

        Patience.Of(
            this,
            path,
            () =>
            {
                Replace(path + NewEnding, path);
                return true;
            },
            DeniesWhatIsOpen);
        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    // Of what has this name now, whichever file is open: -1 if nothing has it.
    public static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : -1;
    }

    // Opens the file, for which it waits a moment if another program holds it.
    public FileStream Acquire(string path, FileMode mode, FileAccess access, FileShare share) =>
        Patience.Of(this, path, () => Open(path, mode, access, share));

    // Of Windows, to a file that is to be replaced; elsewhere denied access is a matter of rights.
    public virtual bool DeniesWhatIsOpen => OperatingSystem.IsWindows();

    // Writing is synchronous, and off the threads of requests; this is a part of it.
    public virtual void Rest(TimeSpan time)
    {
        using ManualResetEventSlim never = new();
        never.Wait(time);
    }

    public virtual FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    public virtual void Write(FileStream file, ReadOnlySpan<byte> data) => file.Write(data);

    public virtual void Flush(FileStream file) => file.Flush(flushToDisk: true);

    public virtual void Replace(string source, string target) => File.Move(source, target, overwrite: true);

    // A rename lasts when the directory does. Windows has no such call, and needs none: it journals the names of files.
    public virtual void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int directory = OpenDirectory(path, flags: 0);
        if (directory < 0)
        {
            throw Failure(path);
        }

        try
        {
            while (FlushDescriptor(directory) != 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == NotSupportedHere)
                {
                    return;
                }

                if (error != Interrupted)
                {
                    throw Failure(path);
                }
            }
        }
        finally
        {
            _ = CloseDescriptor(directory);
        }
    }

    private static IOException Failure(string path) =>
        new($"The directory {path} cannot be flushed to the disk: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDirectory(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseDescriptor(int descriptor);
}
