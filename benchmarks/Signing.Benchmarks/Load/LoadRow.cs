namespace Signing.Benchmarks.Load;

/// <summary>The rounds of one door.</summary>
internal sealed class LoadRow
{
    private readonly List<WrkResult> _rounds = [];
    private readonly List<double> _bytes = [];
    private readonly List<double> _cpu = [];

    public IReadOnlyList<WrkResult> Rounds => _rounds;

    public double PerSecond => Median(_rounds.Select(round => round.PerSecond));

    public double Milliseconds99 => Median(_rounds.Select(round => round.Milliseconds99));

    /// <summary>Gets what the server allocated for each request.</summary>
    public double Bytes => Median(_bytes);

    /// <summary>Gets the microseconds of processor time that each request took of the server, the kernel's on its behalf included.</summary>
    public double CpuMicroseconds => Median(_cpu);

    /// <summary>Gets how many requests a second of the server's processor time would have answered, round by round: the generator has no part in it.</summary>
    public double[] PerCpuSecond => [.. _cpu.Select(microseconds => 1e6 / microseconds)];

    public void Add(WrkResult result, double bytes, TimeSpan cpu)
    {
        _rounds.Add(result);
        _bytes.Add(bytes / result.Requests);
        _cpu.Add(cpu.TotalMicroseconds / result.Requests);
    }

    private static double Median(IEnumerable<double> values) => Quick.Rounds.Median([.. values]);
}
