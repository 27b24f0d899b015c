namespace Signing.AspNetCore;

// The span of signed times a store remembers, in whole seconds since 1970, as `created` is.
//
//         Floor                                 latest time seen          Horizon
//   ------[=====================================|=========================]------>
//   refused: may be forgotten                          refused: not yet due
//
// Both ends only rise, whatever the clock does: what was forgotten once can never be claimed again.
internal sealed class ReplayWindow
{
    // At most so many slots, and none shorter than the second that `created` is told in.
    private const int MaxSlots = 512;

    private readonly long _length;
    private readonly long _slot;
    private readonly long _futureSkew;
    private long _startFloor;
    private long _latest;

    public ReplayWindow(TimeSpan maxAge, TimeSpan futureSkew, bool floorAtStart, DateTimeOffset start)
    {
        _length = RoundUp(maxAge + futureSkew);
        // One more, because the verifier compares with fractions of a second.
        _futureSkew = RoundUp(futureSkew) + 1;
        _latest = start.ToUnixTimeSeconds();
        Origin = _latest - _length;

        _slot = DivideUp(Span, MaxSlots);
        Slots = (int)DivideUp(Span, _slot) + 1;

        // A predecessor with the same clock accepted what was created up to start + skew, that second included: hence the next one.
        _startFloor = floorAtStart ? (start + futureSkew).ToUnixTimeSeconds() + 1 : Origin;
    }

    // Before every floor there will ever be.
    public long Origin { get; }

    // Seconds from the lowest to the highest signed time that is remembered at once, both included.
    public long Span => _length + _futureSkew + 1;

    // How many slots of signed time there are from the lowest to the highest, where the lowest and the highest are in part.
    public int Slots { get; }

    // The latest time seen, without its fraction.
    public DateTimeOffset Latest => DateTimeOffset.FromUnixTimeSeconds(Volatile.Read(ref _latest));

    public long Floor => Math.Max(Volatile.Read(ref _startFloor), Volatile.Read(ref _latest) - _length);

    // As it would be if this time had been seen.
    public long FloorAt(long now) => Math.Max(Floor, now - _length);

    public long Horizon => Volatile.Read(ref _latest) + _futureSkew;

    public long SlotOf(long created) => (created - Origin) / _slot;

    // Another window takes its place: from here on nothing is granted that the other, which begins above the latest time seen,
    // could grant again. A claim that is on its way reads the floor when it is granted, so what it was judged by was seen.
    public void Close() => Volatile.Write(ref _startFloor, long.MaxValue);

    // Only a verified request gets here, so a clock that jumps ahead raises nothing until a caller's clock agrees with it.
    public void Observe(DateTimeOffset now)
    {
        long second = now.ToUnixTimeSeconds();
        long latest = Volatile.Read(ref _latest);
        while (second > latest)
        {
            long found = Interlocked.CompareExchange(ref _latest, second, latest);
            if (found == latest)
            {
                return;
            }

            latest = found;
        }
    }

    private static long RoundUp(TimeSpan time) => DivideUp(time.Ticks, TimeSpan.TicksPerSecond);

    private static long DivideUp(long value, long divisor) => (value + divisor - 1) / divisor;
}
