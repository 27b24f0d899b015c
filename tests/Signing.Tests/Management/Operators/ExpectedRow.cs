namespace Signing.Tests.Management.Operators;

/// <summary>A row as the admin API must show it.</summary>
internal abstract class ExpectedRow(string id, string name, DateTimeOffset created, string by)
{
    public string Id => id;

    public DateTimeOffset Created => created;

    public string By => by;

    public string Name { get; set; } = name;

    public long Version { get; set; } = 1;

    /// <summary>Whose it is.</summary>
    public abstract string Owner { get; }

    /// <summary>Where its kind is found.</summary>
    public abstract string List { get; }
}
