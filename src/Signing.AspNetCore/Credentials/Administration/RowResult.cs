namespace Signing.AspNetCore;

/// <summary>What became of a change to a row.</summary>
/// <param name="Status"><see cref="ChangeStatus.Changed"/>, <see cref="ChangeStatus.Unchanged"/>, or why not.</param>
/// <param name="Row">The row as it is now; <see langword="null"/> if the change was refused.</param>
public readonly record struct RowResult<T>(ChangeStatus Status, T? Row)
    where T : class, IStoredRow;
