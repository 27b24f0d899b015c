namespace Signing.Management;

/// <summary>The new end; null for none.</summary>
internal sealed record RenewBody(DateTimeOffset? Expires);
