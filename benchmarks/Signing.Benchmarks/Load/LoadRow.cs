namespace Signing.Benchmarks.Load;

/// <summary>The rounds of one door.</summary>
internal sealed class LoadRow
{
    private readonly List<WrkResult> _rounds = [];
    private readonly List<double> _bytes = [];

    public IReadOnlyList<WrkResult> Rounds => _rounds;

    public double PerSecond => Median(_rounds.Select(round => round.PerSecond));

    public double Milliseconds99 => Median(_rounds.Select(round => round.Milliseconds99));

    /// <summary>Gets what the server allocated for each request.</summary>
    public double Bytes => Median(_bytes);

    public void Add(WrkResult result, double bytes)
    {
        _rounds.Add(result);
        _bytes.Add(bytes);
    }

    private static double Median(IEnumerable<double> values) => Quick.Rounds.Median([.. values]);
}
