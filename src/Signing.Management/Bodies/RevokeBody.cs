namespace Signing.Management;

/// <summary>Why, and after how long: absent, now.</summary>
internal sealed record RevokeBody(string? Reason = null, double? AfterSeconds = null);
