using System.Diagnostics.Metrics;

namespace Signing.PostgreSql;

/// <summary>Measures how long a change takes to this node, and how long ago the node heard of any.</summary>
internal sealed class PropagationMetrics
{
    private readonly Histogram<double> _lag;

    public PropagationMetrics(IMeterFactory meters, Freshness freshness)
    {
        Meter meter = meters.Create(PostgreSqlTelemetry.Name);
        _lag = meter.CreateHistogram<double>(
            "signing.propagation.lag", "s", "From the writing of a change to its effect on this node, by the database's clock.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        meter.CreateObservableGauge(
            "signing.propagation.staleness",
            () => freshness.Age is { } age ? [new Measurement<double>(age.TotalSeconds)] : Array.Empty<Measurement<double>>(),
            "s", "Since the node last asked the database for changes and got an answer.");
    }

    public void Applied(double seconds) => _lag.Record(seconds);
}
