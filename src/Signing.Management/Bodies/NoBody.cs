namespace Signing.Management;

/// <summary>A body that has nothing to say.</summary>
internal sealed record NoBody;
