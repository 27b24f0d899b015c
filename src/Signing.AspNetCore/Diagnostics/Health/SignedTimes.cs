namespace Signing.AspNetCore;

/// <summary>Remembers how old the verified signatures of the last five to ten minutes were when they came: a sample of ten a second at most.</summary>
internal sealed class SignedTimes
{
    private const int MinSamples = 10;
    private const long BetweenSamples = 100;
    private const long PeriodLength = 5 * 60 * 1000;

    private readonly Lock _gate = new();
    private Period _current = new(-1);
    private Period _former = new(-2);
    private long _sampled;

    /// <summary>Notes a signature whose MAC is verified.</summary>
    public void Note(DateTimeOffset created, DateTimeOffset now)
    {
        long at = now.ToUnixTimeMilliseconds();

        // Mostly this is all: a line of memory that nobody writes while a tenth of a second lasts.
        if (at - Volatile.Read(ref _sampled) is >= 0 and < BetweenSamples || !_gate.TryEnter())
        {
            return;
        }

        try
        {
            Volatile.Write(ref _sampled, at);
            Turn(at / PeriodLength);
            _current.Add(at - created.ToUnixTimeMilliseconds());
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Gets the least and the greatest age; negative where a signature was dated ahead.</summary>
    /// <returns><see langword="null"/> if there are too few to say anything.</returns>
    public Span? Read(DateTimeOffset now)
    {
        lock (_gate)
        {
            Turn(now.ToUnixTimeMilliseconds() / PeriodLength);
            return _current.Count + _former.Count < MinSamples
                ? null
                : new Span(TimeSpan.FromMilliseconds(Math.Min(_current.Least, _former.Least)), TimeSpan.FromMilliseconds(Math.Max(_current.Greatest, _former.Greatest)));
        }
    }

    private void Turn(long number)
    {
        if (number == _current.Number)
        {
            return;
        }

        // A clock that is set back begins anew, too: what came before was measured by another one.
        _former = number == _current.Number + 1 ? _current : new Period(number - 1);
        _current = new Period(number);
    }

    internal readonly record struct Span(TimeSpan Youngest, TimeSpan Oldest);

    private struct Period(long number)
    {
        public readonly long Number => number;

        public int Count { get; private set; }

        public long Least { get; private set; } = long.MaxValue;

        public long Greatest { get; private set; } = long.MinValue;

        public void Add(long age)
        {
            Count++;
            Least = Math.Min(Least, age);
            Greatest = Math.Max(Greatest, age);
        }
    }
}
