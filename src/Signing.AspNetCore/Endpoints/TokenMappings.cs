namespace Signing.AspNetCore;

/// <summary>Counts how often the token endpoints were mapped: an issuer has its metadata at one address, and the first that is mapped answers there.</summary>
internal sealed class TokenMappings
{
    // Below whatever the host orders by itself.
    private int _last = short.MinValue;

    public int NextOrder() => Interlocked.Increment(ref _last);
}
