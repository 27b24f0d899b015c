namespace Signing.AspNetCore;

/// <summary>One row as it was read and as it is to be.</summary>
/// <param name="Earlier">The row as it was read; <see langword="null"/> to create one.</param>
/// <param name="Later">The row as it is to be, of the same kind and id; <see langword="null"/> to delete it.</param>
public readonly record struct RowEdit(IStoredRow? Earlier, IStoredRow? Later);
