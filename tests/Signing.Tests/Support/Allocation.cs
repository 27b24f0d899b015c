namespace Signing.Tests.Support;

/// <summary>Measures what an operation allocates on this thread once it is warm.</summary>
internal static class Allocation
{
    private const int WarmRounds = 200;
    private const int MeasuredRounds = 500;

    /// <returns>The bytes that 500 rounds allocate after 200 rounds that are not counted.</returns>
    public static long OfWarmed(Action operation)
    {
        for (int i = 0; i < WarmRounds; i++)
        {
            operation();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < MeasuredRounds; i++)
        {
            operation();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Measures three times what an operation allocates in which the framework has a part.</summary>
    /// <returns>The fewest bytes: what an operation allocates is in all three, and what the framework makes anew, because the garbage collector has emptied its pools for the whole process, in one.</returns>
    public static long LeastOfWarmed(Action operation) => Enumerable.Range(0, 3).Min(_ => OfWarmed(operation));
}
