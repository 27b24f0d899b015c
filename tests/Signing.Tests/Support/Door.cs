namespace Signing.Tests.Support;

/// <summary>The two ways into an API: what holds for a signature holds at both.</summary>
public enum Door
{
    Scheme,
    Middleware,
}
