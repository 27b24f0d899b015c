using System.Runtime.InteropServices;

namespace Signing.Benchmarks.ReplayStore;

/// <summary>The processor time of the calling thread: it stands still while the machine runs something else.</summary>
internal static partial class ThreadClock
{
    // Linux: CLOCK_THREAD_CPUTIME_ID.
    private const int ThreadTime = 3;

    /// <summary>Gets whether this machine has such a clock.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux();

    /// <summary>Gets the time the calling thread has run; zero where there is no such clock.</summary>
    public static TimeSpan Now =>
        IsSupported && GetTime(ThreadTime, out Timespec time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1_000.0)
            : TimeSpan.Zero;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
