using System.ComponentModel.DataAnnotations;

namespace Signing.Management;

/// <summary>What is to change of a workspace; a member that is absent stays.</summary>
internal sealed record WorkspacePatch(
    [property: NeverNull] string? Name = null,
    [property: NeverNull] bool? Enabled = null,
    [property: NeverNull, AllowedValues("once", "retrievable")] string? Disclosure = null,
    [property: NeverNull] bool? BundleIdRequired = null,
    double? DefaultLifetimeDays = null,
    [property: NeverNull] double? RotationAgeDays = null,
    [property: NeverNull] double? RotationOverlapHours = null);
