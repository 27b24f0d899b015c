using System.Numerics;

namespace Signing.AspNetCore;

/// <summary>Remembers accepted signatures in the memory of this process, in blocks of limited number without an object per entry.</summary>
/// <remarks>
/// It protects one process: nodes that share traffic need a store that they share. It forgets when the process ends, which
/// is what <see cref="ReplayOptions.FloorAtStart"/> answers; a computer whose clock was set back while the process was
/// down is not covered by that.
/// </remarks>
public sealed class InMemoryReplayStore : IReplayStore, IReplayProbe, IReplayFloor
{
    // Blocks of 15 are two thirds full on the average; one more for each slot of each shard, whose last block may be empty.
    private const int ClaimsPerBlock = 8;
    private const int ClaimsPerShard = 1 << 14;
    private const int MaxShards = 256;

    // So many that threads seldom meet at one lock, and no more: what one second brings lies closer together in few.
    private const int ShardsPerProcessor = 4;

    private static readonly TimeSpan MinWindow = TimeSpan.FromSeconds(1);

    // The most that a policy may ask for.
    private static readonly TimeSpan MaxWindow = TimeSpan.FromDays(1) + TimeSpan.FromMinutes(5);

    private readonly TimeProvider _time;
    private readonly ReplayWindow _window;
    private readonly ReplayShares _shares;
    private readonly ReplayHash _hash = ReplayHash.CreateRandom();
    private readonly ReplayShard[] _shards;

    /// <summary>Creates a store for the window of a policy.</summary>
    /// <param name="policy">Gives the window: <see cref="VerificationPolicy.MaxAge"/> plus <see cref="VerificationPolicy.FutureSkew"/>, from one second to a day and five minutes.</param>
    /// <param name="options">Capacity and floor; <see langword="null"/> means the defaults. A floor that is not decided is on.</param>
    /// <param name="time">The clock; <see langword="null"/> means the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity or the window is outside its limits.</exception>
    public InMemoryReplayStore(VerificationPolicy policy, ReplayOptions? options = null, TimeProvider? time = null)
        : this(policy, options, time, before: null)
    {
    }

    // In place of another store of this process, which grants nothing more, and may have seen a later time than the clock tells now.
    internal InMemoryReplayStore(VerificationPolicy policy, ReplayOptions? options, TimeProvider? time, InMemoryReplayStore? before)
    {
        ArgumentNullException.ThrowIfNull(policy);
        int capacity = options?.Capacity ?? ReplayOptions.DefaultCapacity;
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, ReplayOptions.MinCapacity, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, ReplayOptions.MaxCapacity, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(policy.FutureSkew, TimeSpan.Zero, nameof(policy));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(policy.FutureSkew, MaxWindow, nameof(policy));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(policy.MaxAge, MaxWindow, nameof(policy));
        ArgumentOutOfRangeException.ThrowIfLessThan(policy.MaxAge + policy.FutureSkew, MinWindow, nameof(policy));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(policy.MaxAge + policy.FutureSkew, MaxWindow, nameof(policy));

        _time = time ?? TimeProvider.System;
        before?._window.Close();
        DateTimeOffset start = _time.GetUtcNow();
        if (before?._window.Latest > start)
        {
            start = before._window.Latest;
        }

        _window = new ReplayWindow(policy.MaxAge, policy.FutureSkew, options?.FloorAtStart ?? true, start);
        _shares = new ReplayShares(_window, capacity);

        int shards = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(capacity / ClaimsPerShard, 1, Math.Min(Environment.ProcessorCount * ShardsPerProcessor, MaxShards)));
        int blocks = DivideUp(DivideUp(capacity, ClaimsPerBlock), shards) + _window.Slots;
        _shards = new ReplayShard[shards];
        for (int i = 0; i < shards; i++)
        {
            _shards[i] = new ReplayShard(_window, _shares, _hash, blocks);
        }

        MaxSize = _shares.Size + ((long)shards * blocks * ReplayBlocks.Bytes);
    }

    // In bytes, once every shard has grown to its limit, without directories: two bytes for a claim.
    internal long MaxSize { get; }

    // One that another store has taken the place of has none any more.
    long? IReplayFloor.Floor => _window.Floor is < long.MaxValue and var floor ? floor : null;

    /// <inheritdoc/>
    /// <returns>A completed task: this store never waits.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keyId"/> is <see langword="null"/>.</exception>
    public ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keyId);
        return new ValueTask<ReplayClaim>(TryClaim(fingerprint, keyId, created.ToUnixTimeSeconds()));
    }

    // A claim tells the window the time, because a verified request has agreed with it. Here nobody has: a clock that is ahead
    // for a moment would raise the floor for as long as it was ahead.
    ReplayClaim IReplayProbe.Probe()
    {
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        long floor = _window.FloorAt(now);
        if (now < floor)
        {
            return ReplayClaim.BeforeFloor;
        }

        return _shares.HasRoom(floor) && _shards[Random.Shared.Next(_shards.Length)].WouldHaveRoom(floor) ? ReplayClaim.Claimed : ReplayClaim.Unavailable;
    }

    private ReplayClaim TryClaim(UInt128 fingerprint, string keyId, long created)
    {
        _window.Observe(_time.GetUtcNow());
        _shares.TurnTo(_window.Floor);
        if (created < _window.Origin)
        {
            return ReplayClaim.BeforeFloor;
        }

        // No verifier under the store's policy accepts such a time, and remembering it would outlast the window.
        if (created > _window.Horizon)
        {
            return ReplayClaim.Unavailable;
        }

        ulong position = _hash.Of(fingerprint);
        ReplayShard shard = _shards[(int)(position >> 32) & (_shards.Length - 1)];

        // The runtime keys this hash at random in each process, so nobody can choose a key id that meets another's counters.
        return shard.TryClaim(fingerprint, (uint)position, created, (uint)StringComparer.Ordinal.GetHashCode(keyId));
    }

    private static int DivideUp(long value, int divisor) => (int)((value + divisor - 1) / divisor);
}
