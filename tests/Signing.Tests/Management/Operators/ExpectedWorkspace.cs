namespace Signing.Tests.Management.Operators;

internal sealed class ExpectedWorkspace(string id, string name, DateTimeOffset created, string by) : ExpectedRow(id, name, created, by)
{
    public override string Owner => Id;

    public override string List => "/workspaces";

    public bool Enabled { get; set; } = true;

    public bool IsRetrievable { get; set; }

    public bool BundleIdRequired { get; set; }

    public double? LifetimeDays { get; set; }

    public double OverlapHours { get; set; } = 24;
}
