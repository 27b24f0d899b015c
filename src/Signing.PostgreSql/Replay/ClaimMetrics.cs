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
        _sizes = meter.CreateHistogram<int>("signing.claims.batch.size", "{claim}", "Claims written to the database at once.");
        _durations = meter.CreateHistogram<double>("signing.claims.batch.duration", "s", "Time from taking a batch of claims to its answer.");
        _memories = meter.CreateCounter<long>("signing.claims.memories", "{memory}", "Memories of accepted signatures that this node has begun, as after a start of the database.");
    }

    public void Add(int claims, TimeSpan duration)
    {
        _sizes.Record(claims);
        _durations.Record(duration.TotalSeconds);
    }

    public void AddMemory() => _memories.Add(1);
}
