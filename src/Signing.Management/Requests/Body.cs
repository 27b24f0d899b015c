namespace Signing.Management;

/// <summary>What was sent, and which of its members: in a change, one that is absent stays as it is, and one that is null is taken away.</summary>
internal sealed record Body<T>(T Value, IReadOnlySet<string> Members)
    where T : class
{
    public bool Has(string member) => Members.Contains(member);

    /// <summary>Says whether a member that cannot be taken away was sent as null.</summary>
    public bool HasNull(string member, object? value) => value is null && Has(member);
}
