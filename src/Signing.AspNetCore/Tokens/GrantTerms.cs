namespace Signing.AspNetCore;

/// <summary>What the next tokens of a grant are made with.</summary>
/// <param name="KeyVersion">The version of the master key that makes them.</param>
/// <param name="AccessLifetime">How long the access token is accepted; rounded up to a whole second.</param>
/// <param name="RefreshLifetime">How long the refresh token is accepted; rounded up to a whole second.</param>
/// <param name="Scopes">What they permit.</param>
public readonly record struct GrantTerms(int KeyVersion, TimeSpan AccessLifetime, TimeSpan RefreshLifetime, IReadOnlyList<string> Scopes)
{
    /// <summary>Gets the instant at which a token that is made now ends.</summary>
    /// <param name="now">The time by the clock of the store.</param>
    /// <param name="lifetime">How long the token is accepted.</param>
    /// <returns>A whole second, because tokens carry no fractions; up to one second later than the lifetime says, never earlier.</returns>
    public static DateTimeOffset EndOf(DateTimeOffset now, TimeSpan lifetime)
    {
        DateTimeOffset end = now + lifetime;
        long beyond = end.UtcTicks % TimeSpan.TicksPerSecond;
        return beyond == 0 ? end : end.AddTicks(TimeSpan.TicksPerSecond - beyond);
    }
}
