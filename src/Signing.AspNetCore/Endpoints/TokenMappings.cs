namespace Signing.AspNetCore;

/// <summary>Counts how often the token endpoints were mapped: an issuer has its metadata at one address, and the first that is mapped answers there.</summary>
internal sealed class TokenMappings
{
    /// <summary>The order of the first mapping: below whatever the host orders by itself.</summary>
    public const int First = short.MinValue + 1;

    private int _last = First - 1;

    public int NextOrder() => Interlocked.Increment(ref _last);
}
