namespace Signing.AspNetCore;

// Windows lets nobody open or replace what another program has open. Virus scanners, backups and indexers do so for some
// milliseconds, most of all with a file that has just been written, and no change may be lost to that.
internal static class Patience
{
    // Doubled after each attempt: 1.3 seconds in all.
    private const int Attempts = 8;
    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(10);

    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION; no other system has errors with these numbers.
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);

    /// <summary>Gives what the attempt gives, made again while another program holds the file.</summary>
    /// <exception cref="IOException">It holds the file still; the message says what to do.</exception>
    public static T Of<T>(Disk disk, string path, Func<T> attempt, bool isDeniedWhileOpen = false)
    {
        TimeSpan rest = FirstRest;
        for (int number = 1; ; number++, rest *= 2)
        {
            try
            {
                return attempt();
            }
            catch (Exception exception) when (IsHeld(exception, isDeniedWhileOpen))
            {
                if (number == Attempts)
                {
                    string orNot = exception is UnauthorizedAccessException ? ", or this user may not write it" : "";
                    throw new IOException($"Another program has the file {path} open, and keeps it{orNot}. Have virus scanners, backups and indexers leave its folder out.", exception);
                }

                disk.Rest(rest);
            }
        }
    }

    private static bool IsHeld(Exception exception, bool isDeniedWhileOpen) =>
        exception is UnauthorizedAccessException ? isDeniedWhileOpen : exception is IOException { HResult: SharingViolation or LockViolation };
}
