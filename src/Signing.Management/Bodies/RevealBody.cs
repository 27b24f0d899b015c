namespace Signing.Management;

/// <summary>Which Secret; absent, the current one.</summary>
internal sealed record RevealBody(int? SecretVersion = null);
