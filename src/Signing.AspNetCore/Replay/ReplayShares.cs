namespace Signing.AspNetCore;

// How much of the store each key id holds, in a fixed number of counters however many key ids there are. A key id has one
// counter in each row, chosen by the process's randomly keyed string hash, and holds no more than the lowest of them says.
// Another key is refused by mistake only if it shares all its counters with keys at their limit: a chance of one in a
// hundred million beside a single one, of one in two million beside four.
//
// A key may hold a quarter, and no more than half of what is free: of keys that take all they get at once, each leaves two
// thirds of it to those after it, so that it takes dozens to leave nothing. And as claims leave the window, all that want
// more than they get come to hold the same.
//
// The counters turn like a wheel, in sixteenths of the window by the signed time: what leaves the window is subtracted in
// one go, so a share is freed up to a sixteenth of the window late, and never early. That much more may be counted in all,
// and as much again, so that there is something free while many keys together hold all that the store is to hold.
internal sealed class ReplayShares
{
    public const int Rows = 3;
    public const int Columns = 512;
    private const int ColumnBits = 9;
    private const int Sixteenths = 16;
    private const int QuarterOfAll = 4;
    private const int HalfOfFree = 2;

    // The last counter is that of all keys.
    private const int All = Rows * Columns;
    private const int Counters = All + 1;

    private readonly int _limit;
    private readonly int _room;
    private readonly long _origin;
    private readonly long _step;
    private readonly int[] _totals = new int[Counters];
    private readonly int[][] _wheel;
    private readonly Lock _gate = new();
    private long _turned;

    public ReplayShares(ReplayWindow window, int capacity)
    {
        _limit = capacity / QuarterOfAll;
        _room = capacity + (2 * (capacity / Sixteenths));
        _origin = window.Origin;
        _step = Math.Max(1, window.Span / Sixteenths);

        // The span may begin and end within a step, and one more keeps a late count out of a step still in use.
        _wheel = new int[(window.Span / _step) + 3][];
        for (int i = 0; i < _wheel.Length; i++)
        {
            _wheel[i] = new int[Counters];
        }
    }

    // In bytes.
    public long Size => (_wheel.Length + 1L) * Counters * sizeof(int);

    // Claimed, or why this claim would be one too many: for its key, or for all.
    public ReplayClaim TryTake(uint keyHash, long created)
    {
        int free = _room - Interlocked.Increment(ref _totals[All]) + 1;
        int lowest = int.MaxValue;
        for (int row = 0; row < Rows; row++)
        {
            lowest = Math.Min(lowest, Interlocked.Increment(ref _totals[CounterOf(keyHash, row)]));
        }

        ReplayClaim claim = free <= 0 ? ReplayClaim.Unavailable
            : lowest > Math.Max(1, Math.Min(_limit, free / HalfOfFree)) ? ReplayClaim.QuotaExceeded
            : ReplayClaim.Claimed;

        // A total is raised before its part on the wheel: whenever the wheel turns, it subtracts what was added.
        if (claim == ReplayClaim.Claimed)
        {
            Add(_wheel[(created - _origin) / _step % _wheel.Length], keyHash, 1);
        }
        else
        {
            Add(_totals, keyHash, -1);
        }

        return claim;
    }

    // Gives back what was taken for a claim that was not granted. If the wheel has turned over it meanwhile, that has freed it
    // already, and the step owes one when it is used again.
    public void Return(uint keyHash, long created)
    {
        Add(_wheel[(created - _origin) / _step % _wheel.Length], keyHash, -1);
        Add(_totals, keyHash, -1);
    }

    // Frees what was taken before the floor.
    public void TurnTo(long floor)
    {
        long target = (floor - _origin) / _step;
        if (target <= Volatile.Read(ref _turned))
        {
            return;
        }

        lock (_gate)
        {
            for (long step = Math.Max(_turned, target - _wheel.Length); step < target; step++)
            {
                Subtract(_wheel[step % _wheel.Length]);
            }

            Volatile.Write(ref _turned, Math.Max(_turned, target));
        }
    }

    // Whether one more could be counted with this floor, were it turned to.
    public bool HasRoom(long floor)
    {
        lock (_gate)
        {
            long target = (floor - _origin) / _step;
            int counted = Volatile.Read(ref _totals[All]);
            for (long step = Math.Max(_turned, target - _wheel.Length); step < target; step++)
            {
                counted -= Volatile.Read(ref _wheel[step % _wheel.Length][All]);
            }

            return counted < _room;
        }
    }

    private void Subtract(int[] counters)
    {
        for (int i = 0; i < counters.Length; i++)
        {
            if (Volatile.Read(ref counters[i]) != 0)
            {
                Interlocked.Add(ref _totals[i], -Interlocked.Exchange(ref counters[i], 0));
            }
        }
    }

    private static void Add(int[] counters, uint keyHash, int number)
    {
        Interlocked.Add(ref counters[All], number);
        for (int row = 0; row < Rows; row++)
        {
            Interlocked.Add(ref counters[CounterOf(keyHash, row)], number);
        }
    }

    private static int CounterOf(uint keyHash, int row)
        => (row * Columns) + (int)((keyHash >> (row * ColumnBits)) & (Columns - 1));
}
