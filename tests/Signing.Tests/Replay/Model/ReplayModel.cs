using Signing.AspNetCore;

namespace Signing.Tests.Replay.Model;

/// <summary>What the documents say of one process's memory of accepted signatures, kept in a list that forgets nothing.</summary>
internal sealed class ReplayModel
{
    // A slot of signed time is given back as a whole, and a share in sixteenths of the window.
    private const int Slots = 512;
    private const int Sixteenths = 16;

    private readonly Dictionary<UInt128, (long Created, string Key)> _held = [];
    private long _latest = long.MinValue;
    private long _startFloor = long.MinValue;

    /// <summary>Gets every signature that was accepted, by whatever memory.</summary>
    public HashSet<UInt128> Accepted { get; } = [];

    public long MaxAge { get; private set; }

    public long FutureSkew { get; private set; }

    public int Capacity { get; private set; }

    private long Window => MaxAge + FutureSkew;

    /// <summary>A memory begins that knows nothing of what was accepted before, in the same process or in the next.</summary>
    public void Begin(DateTimeOffset now, long maxAge, long futureSkew, int capacity, bool floor)
    {
        (MaxAge, FutureSkew, Capacity) = (maxAge, futureSkew, capacity);
        _held.Clear();
        _latest = Math.Max(_latest, now.ToUnixTimeSeconds());
        _startFloor = floor ? _latest + FutureSkew + 1 : _latest - Window;
    }

    /// <summary>The process ends, and with it all that it knew about clocks.</summary>
    public void End() => _latest = long.MinValue;

    /// <summary>Gives the answers that a claim may get.</summary>
    public ReplayClaim[] Claim(UInt128 fingerprint, string key, long created, DateTimeOffset now)
    {
        _latest = Math.Max(_latest, now.ToUnixTimeSeconds());
        long floor = Math.Max(_startFloor, _latest - Window);
        if (created < floor)
        {
            return [ReplayClaim.BeforeFloor];
        }

        if (Accepted.Contains(fingerprint))
        {
            return [ReplayClaim.AlreadyClaimed];
        }

        // A quarter, and half of what is free: counted for up to a sixteenth of the window longer, for which there is room, and for as much again.
        List<ReplayClaim> answers = [];
        long late = floor - (Window / Sixteenths) - 1;
        int room = Capacity + (2 * (Capacity / Sixteenths));
        if (Held(floor, key) < Share(room - Held(floor)) && Held(floor) < room)
        {
            answers.Add(ReplayClaim.Claimed);
        }

        if (Held(late, key) >= Share(room - Held(late)))
        {
            answers.Add(ReplayClaim.QuotaExceeded);
        }

        if (Held(floor - (Window / Slots) - 1) >= Capacity || Held(late) >= room)
        {
            answers.Add(ReplayClaim.Unavailable);
        }

        return [.. answers];
    }

    /// <summary>The claim was granted.</summary>
    public void Grant(UInt128 fingerprint, string key, long created)
    {
        Accepted.Add(fingerprint);
        _held.Add(fingerprint, (created, key));
    }

    private int Share(int free) => Math.Max(1, Math.Min(Capacity / 4, free / 2));

    private int Held(long floor, string? key = null) => _held.Values.Count(held => held.Created >= floor && (key is null || held.Key == key));
}
