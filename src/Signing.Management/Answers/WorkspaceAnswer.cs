using System.ComponentModel.DataAnnotations;

namespace Signing.Management;

/// <summary>A workspace.</summary>
internal sealed record WorkspaceAnswer(
    string Id,
    string Name,
    bool Enabled,
    [property: AllowedValues("once", "retrievable")] string Disclosure,
    bool BundleIdRequired,
    double? DefaultLifetimeDays,
    double RotationAgeDays,
    double RotationOverlapHours,
    StampAnswer Created,
    long Version,
    int ApplicationCount);
