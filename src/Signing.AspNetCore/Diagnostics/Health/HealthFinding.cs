using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Signing.AspNetCore;

/// <summary>What was found about one part. Its data holds numbers and names of ours: no path, address, key id or message of an exception.</summary>
internal sealed record HealthFinding(HealthStatus Status, string Description, params (string Name, object Value)[] Data)
{
    public static HealthFinding Healthy(string description, params (string Name, object Value)[] data) => new(HealthStatus.Healthy, description, data);

    public static HealthFinding Degraded(string description, params (string Name, object Value)[] data) => new(HealthStatus.Degraded, description, data);

    public static HealthFinding Unhealthy(string description, params (string Name, object Value)[] data) => new(HealthStatus.Unhealthy, description, data);

    /// <summary>Makes one of several: as bad as the worst of them, which comes first.</summary>
    public static HealthFinding Of(IReadOnlyCollection<HealthFinding> findings)
    {
        HealthFinding[] all = [.. findings.OrderBy(static finding => finding.Status)];
        IEnumerable<string> descriptions = all.Select(static finding => finding.Description).Distinct(StringComparer.Ordinal);
        IEnumerable<(string, object)> data = all.SelectMany(static finding => finding.Data).DistinctBy(static entry => entry.Name, StringComparer.Ordinal);
        return new HealthFinding(all[0].Status, string.Join(' ', descriptions), [.. data]);
    }
}
