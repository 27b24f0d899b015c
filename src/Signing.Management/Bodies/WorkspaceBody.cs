using System.ComponentModel.DataAnnotations;

namespace Signing.Management;

/// <summary>A workspace that is to be created.</summary>
internal sealed record WorkspaceBody(
    string Name,
    [property: AllowedValues("once", "retrievable")] string? Disclosure = null,
    bool BundleIdRequired = false,
    double? DefaultLifetimeDays = null,
    double? RotationAgeDays = null,
    double? RotationOverlapHours = null);
