namespace Signing.AspNetCore;

/// <summary>How long accepted signatures are remembered: the longest age of some policies, and how far ahead of the clock one may be dated.</summary>
internal readonly record struct ReplaySpan(TimeSpan MaxAge, TimeSpan FutureSkew)
{
    public static ReplaySpan Of(params IEnumerable<VerificationPolicy> policies) =>
        new(policies.Max(policy => policy.MaxAge), policies.Max(policy => policy.FutureSkew));

    /// <summary>Gives the span after a reload. The skew never falls: what was accepted ahead of its time comes due later, and may come again then.</summary>
    public ReplaySpan Then(ReplaySpan next) => next.FutureSkew >= FutureSkew ? next : next with { FutureSkew = FutureSkew };

    /// <summary>Opens a store of this span, in place of the one before it if there is one.</summary>
    public InMemoryReplayStore Open(int capacity, bool floorAtStart, TimeProvider? time, InMemoryReplayStore? before) => new(
        new VerificationPolicy { MaxAge = MaxAge, FutureSkew = FutureSkew }, new ReplayOptions { Capacity = capacity, FloorAtStart = floorAtStart }, time, before);
}
