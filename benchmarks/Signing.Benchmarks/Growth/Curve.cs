namespace Signing.Benchmarks.Growth;

/// <summary>One line of a plot: what something costs at each of its sizes.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Sizes, and costs in nanoseconds.</param>
internal sealed record Curve(string Name, IReadOnlyList<(double Size, double Cost)> Points);
