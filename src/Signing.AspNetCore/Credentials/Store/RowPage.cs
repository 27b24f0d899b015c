namespace Signing.AspNetCore;

/// <summary>A part of a list.</summary>
/// <param name="Rows">The rows of the page.</param>
/// <param name="Next">Where the next page begins, to be given back as it is; <see langword="null"/> on the last page.</param>
public sealed record RowPage<T>(IReadOnlyList<T> Rows, string? Next);
