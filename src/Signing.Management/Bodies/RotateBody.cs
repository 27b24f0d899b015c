namespace Signing.Management;

/// <summary>How long the former Secret is still accepted; absent, as long as the workspace says.</summary>
internal sealed record RotateBody(double? OverlapSeconds = null);
