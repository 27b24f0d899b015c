namespace Signing.Benchmarks.Quick;

/// <summary>Measures how much more two threads do than one.</summary>
internal static class TwoThreads
{
    private const int Rounds = 41;
    private const int Calls = 20_000;

    /// <param name="raw">Makes the operation that shares nothing; called once for each thread.</param>
    /// <param name="shared">Makes the operation on what the threads share; called once for each thread.</param>
    /// <returns>The median, over the rounds, of the scaling of <paramref name="shared"/> by that of <paramref name="raw"/>.</returns>
    public static double RelativeScaling(Func<Action> raw, Func<Action> shared)
    {
        Action[] rawOperations = [raw(), raw()];
        Action[] sharedOperations = [shared(), shared()];
        var ratios = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            ratios[round] = Scaling(sharedOperations) / Scaling(rawOperations);
        }

        return Quick.Rounds.Median(ratios);
    }

    private static double Scaling(Action[] operations)
    {
        TimeSpan alone = Quick.Rounds.TimeBatch(operations[0], Calls);
        var together = new TimeSpan[operations.Length];
        using var start = new Barrier(operations.Length);
        Thread[] threads = [.. operations.Select((operation, i) => new Thread(() =>
        {
            start.SignalAndWait();
            together[i] = Quick.Rounds.TimeBatch(operation, Calls);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return operations.Length * (alone / together.Max());
    }
}
