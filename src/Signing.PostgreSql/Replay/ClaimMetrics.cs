using System.Diagnostics.Metrics;

namespace Signing.PostgreSql;

/// <summary>Measures the batches of claims. What became of a claim is counted where the request is judged.</summary>
internal sealed class ClaimMetrics
{
    private readonly Histogram<int> _sizes;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _memories;

    public ClaimMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(PostgreSqlTelemetry.Name);
        _sizes = meter.CreateHistogram<int>(
            "signing.claim.batch.size", "{claim}", "Claims written to the database at once.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });
        _durations = meter.CreateHistogram<double>(
            "signing.claim.batch.duration", "s", "Time from taking a batch of claims to its answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });
        _memories = meter.CreateCounter<long>("signing.claim.memories", "{memory}", "Memories of accepted signatures that this node has begun, as after a start of the database.");
    }

    public void Add(int claims, TimeSpan duration)
    {
        _sizes.Record(claims);
        _durations.Record(duration.TotalSeconds);
    }

    public void AddMemory() => _memories.Add(1);
}
