namespace Signing.AspNetCore;

/// <summary>Remembers for all schemes that read their keys from one source: what one of them has accepted, none of them accepts again.</summary>
/// <remarks>Its window is as long as the longest of theirs; its room is what they have together.</remarks>
internal sealed class SharedReplayMemory : IReplayStore
{
    private readonly Dictionary<string, SignatureOptions> _schemes;
    private VerificationPolicy _window;
    private volatile InMemoryReplayStore _store;

    public SharedReplayMemory(Dictionary<string, SignatureOptions> schemes, bool floorByDefault)
    {
        _schemes = schemes;
        _window = Window();
        _store = Create(schemes.Values.Any(options => options.Replay.FloorAtStart ?? floorByDefault));
    }

    /// <summary>Takes a scheme's options as they are now. One caller at a time.</summary>
    public void Use(string scheme, SignatureOptions options)
    {
        _schemes[scheme] = options;
        VerificationPolicy window = Window();
        if (window.MaxAge != _window.MaxAge || window.FutureSkew != _window.FutureSkew)
        {
            _window = window;
            _store = Create(floorAtStart: true);
        }
    }

    public ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken) =>
        _store.TryClaimAsync(fingerprint, keyId, created, cancellationToken);

    private VerificationPolicy Window() => new()
    {
        MaxAge = _schemes.Values.Max(options => options.Policy.MaxAge),
        FutureSkew = _schemes.Values.Max(options => options.Policy.FutureSkew),
    };

    private InMemoryReplayStore Create(bool floorAtStart)
    {
        long capacity = _schemes.Values.Sum(options => (long)options.Replay.Capacity);
        var replay = new ReplayOptions { Capacity = (int)Math.Min(capacity, ReplayOptions.MaxCapacity), FloorAtStart = floorAtStart };
        return new InMemoryReplayStore(_window, replay, _schemes.Values.First().TimeProvider);
    }
}
