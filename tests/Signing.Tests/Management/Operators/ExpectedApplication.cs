namespace Signing.Tests.Management.Operators;

internal sealed class ExpectedApplication(string id, string name, string workspace, DateTimeOffset created, string by) : ExpectedRow(id, name, created, by)
{
    public override string Owner => workspace;

    public override string List => "/applications";

    public string? BundleId { get; set; }

    public string[] Apis { get; set; } = [];

    public bool IsSuspended { get; set; }
}
