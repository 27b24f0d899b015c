namespace Signing.Benchmarks.ReplayStore;

/// <summary>How long a batch of claims took.</summary>
/// <param name="Passed">By the watch.</param>
/// <param name="Own">Of the processor, by its thread.</param>
internal readonly record struct BatchTime(TimeSpan Passed, TimeSpan Own);
