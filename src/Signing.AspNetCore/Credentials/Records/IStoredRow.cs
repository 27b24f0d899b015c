namespace Signing.AspNetCore;

/// <summary>A row of the credential store: known by its id, and changed only by somebody who has seen its latest version.</summary>
public interface IStoredRow
{
    /// <summary>The id, unique among the rows of its kind.</summary>
    string Id { get; }

    /// <summary>The version of the row, 1 when it is created and one more with each change.</summary>
    long Version { get; }
}
