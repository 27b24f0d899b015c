namespace Signing.Benchmarks.Load;

/// <summary>One round of the generator.</summary>
/// <param name="Requests">How many were answered.</param>
/// <param name="PerSecond">How many in a second.</param>
/// <param name="Milliseconds99">Within how long 99 of 100 were.</param>
internal readonly record struct WrkResult(long Requests, double PerSecond, double Milliseconds99);
