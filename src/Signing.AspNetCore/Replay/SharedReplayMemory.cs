namespace Signing.AspNetCore;

/// <summary>Remembers for several schemes: what one of them has accepted, none of them accepts again.</summary>
/// <remarks>Its window is as long as the longest of theirs; its room is what they have together.</remarks>
internal sealed class SharedReplayMemory : IReplayStore, IReplayProbe, IReplayFloor
{
    private readonly Dictionary<string, SignatureOptions> _schemes;
    private ReplaySpan _span;
    private volatile InMemoryReplayStore _store;

    public SharedReplayMemory(Dictionary<string, SignatureOptions> schemes, bool floorByDefault)
    {
        _schemes = schemes;
        _span = Span();
        _store = Create(schemes.Values.Any(options => options.Replay.FloorAtStart ?? floorByDefault), before: null);
    }

    public long? Floor => ((IReplayFloor)_store).Floor;

    /// <summary>Takes a scheme's options as they are now. One caller at a time.</summary>
    public void Use(string scheme, SignatureOptions options)
    {
        _schemes[scheme] = options;
        ReplaySpan span = _span.Then(Span());
        if (span != _span)
        {
            _span = span;
            _store = Create(floorAtStart: true, _store);
        }
    }

    public ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken) =>
        _store.TryClaimAsync(fingerprint, keyId, created, cancellationToken);

    public ReplayClaim Probe() => ((IReplayProbe)_store).Probe();

    private ReplaySpan Span() => ReplaySpan.Of(_schemes.Values.Select(options => options.Policy));

    private InMemoryReplayStore Create(bool floorAtStart, InMemoryReplayStore? before)
    {
        long capacity = _schemes.Values.Sum(options => (long)options.Replay.Capacity);
        return _span.Open((int)Math.Min(capacity, ReplayOptions.MaxCapacity), floorAtStart, _schemes.Values.First().TimeProvider, before);
    }
}
