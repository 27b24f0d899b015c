namespace Signing.AspNetCore;

/// <summary>Marks a registered scheme: what the host's start goes through, and what the middleware may be asked to use.</summary>
internal sealed record SignatureScheme(string Name) : RegisteredScheme(Name);
