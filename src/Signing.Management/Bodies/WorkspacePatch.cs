using System.ComponentModel.DataAnnotations;

namespace Signing.Management;

/// <summary>What is to change of a workspace; a member that is absent stays.</summary>
internal sealed record WorkspacePatch(
    string? Name = null,
    bool? Enabled = null,
    [property: AllowedValues("once", "retrievable")] string? Disclosure = null,
    bool? BundleIdRequired = null,
    double? DefaultLifetimeDays = null,
    double? RotationAgeDays = null,
    double? RotationOverlapHours = null);
