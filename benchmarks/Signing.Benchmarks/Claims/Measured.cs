namespace Signing.Benchmarks.Claims;

/// <summary>A rate per second, and the times that half of the operations and all but one in a hundred were faster than, in milliseconds.</summary>
internal sealed record Measured(double PerSecond, double P50, double P99, int Failures);
