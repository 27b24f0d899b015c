namespace Signing.Tests.Management.Operators;

internal sealed class ExpectedSharingKey(string id, string name, string grantor, DateTimeOffset created, string by) : ExpectedRow(id, name, created, by)
{
    public override string Owner => grantor;

    public override string List => "/sharing-keys";

    public string? Grantee { get; init; }

    public string? GranteeApplication { get; init; }

    public string[] Scopes { get; set; } = [];

    public DateTimeOffset? Expires { get; set; }

    public bool IsSuspended { get; set; }

    public bool IsRevoked { get; set; }

    /// <summary>Gives the state that it must be shown in.</summary>
    public string State(DateTimeOffset now) => IsRevoked ? "revoked" : IsSuspended ? "suspended" : now >= Expires ? "expired" : "active";
}
