namespace Signing.AspNetCore;

/// <summary>Marks an endpoint in whose requests and answers Secrets and tokens stand.</summary>
internal sealed class SecretContent;
