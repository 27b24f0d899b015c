namespace Signing.Client;

/// <summary>Computes when a token is refreshed and when it is no longer sent: arithmetic, without a clock.</summary>
/// <param name="Lifetime">How long the token lives.</param>
/// <param name="RefreshAt">The age at which it is refreshed: 80 % of its life, give or take 5 %.</param>
/// <param name="UnusableAt">The age from which it is not sent: 60 s before its end, or 10 % if that is less.</param>
internal readonly record struct TokenTimes(TimeSpan Lifetime, TimeSpan RefreshAt, TimeSpan UnusableAt)
{
    /// <summary>What is assumed of a token whose answer does not say (RFC 6749 §5.1: <c>expires_in</c> is only recommended).</summary>
    public static readonly TimeSpan LifetimeUnlessSaid = TimeSpan.FromMinutes(5);

    /// <summary>What is believed at most, so that no arithmetic overflows.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(30);

    private const double RefreshShare = 0.80;
    private const double RefreshJitter = 0.05;
    private const double UnusableShare = 0.10;

    private static readonly TimeSpan UnusableMargin = TimeSpan.FromSeconds(60);

    /// <param name="lifetime">The lifetime as it was said; above zero.</param>
    /// <param name="draw">A random number from 0 to 1, drawn once for the token, so that many clients do not refresh together.</param>
    public static TokenTimes Of(TimeSpan lifetime, double draw)
    {
        lifetime = lifetime < MaxLifetime ? lifetime : MaxLifetime;
        TimeSpan margin = lifetime * UnusableShare;
        return new TokenTimes(
            lifetime,
            lifetime * (RefreshShare + (RefreshJitter * ((2 * draw) - 1))),
            lifetime - (margin < UnusableMargin ? margin : UnusableMargin));
    }

    public TokenUse At(TimeSpan age)
    {
        if (age >= UnusableAt)
        {
            return TokenUse.Unusable;
        }

        return age >= RefreshAt ? TokenUse.Due : TokenUse.Fresh;
    }
}
