namespace Signing.AspNetCore;

// How much of the store each key id holds, in a fixed number of counters however many key ids there are. A key id has one
// counter in each row, chosen by the process's randomly keyed string hash, and holds no more than the lowest of them says.
// Another key is refused by mistake only if it shares all its counters with keys at their limit, of which there are at
// most four: a chance of one in two million then, and of one in a hundred million beside a single one.
//
// The counters turn like a wheel, in sixteenths of the window by the signed time: what leaves the window is subtracted in
// one go, so a share is freed up to a sixteenth of the window late, and never early.
internal sealed class ReplayShares
{
    public const int Rows = 3;
    public const int Columns = 512;
    private const int ColumnBits = 9;
    private const int Sixteenths = 16;

    private readonly int _limit;
    private readonly long _origin;
    private readonly long _step;
    private readonly int[] _totals = new int[Rows * Columns];
    private readonly int[][] _wheel;
    private readonly Lock _gate = new();
    private long _turned;

    public ReplayShares(ReplayWindow window, int limit)
    {
        _limit = limit;
        _origin = window.Origin;
        _step = Math.Max(1, window.Span / Sixteenths);

        // The span may begin and end within a step, and one more keeps a late count out of a step still in use.
        _wheel = new int[(window.Span / _step) + 3][];
        for (int i = 0; i < _wheel.Length; i++)
        {
            _wheel[i] = new int[Rows * Columns];
        }
    }

    // In bytes.
    public long Size => (_wheel.Length + 1L) * Rows * Columns * sizeof(int);

    // False: this claim would be one more than the key's share.
    public bool TryTake(uint keyHash, long created)
    {
        int lowest = int.MaxValue;
        for (int row = 0; row < Rows; row++)
        {
            lowest = Math.Min(lowest, Interlocked.Increment(ref _totals[CounterOf(keyHash, row)]));
        }

        // A total is raised before its part on the wheel: whenever the wheel turns, it subtracts what was added.
        int[] counters = lowest > _limit ? _totals : _wheel[(created - _origin) / _step % _wheel.Length];
        for (int row = 0; row < Rows; row++)
        {
            ref int counter = ref counters[CounterOf(keyHash, row)];
            _ = lowest > _limit ? Interlocked.Decrement(ref counter) : Interlocked.Increment(ref counter);
        }

        return lowest <= _limit;
    }

    // Gives back what was taken for a claim that was not granted. If the wheel has turned over it meanwhile, that has freed it
    // already, and the step owes one when it is used again.
    public void Return(uint keyHash, long created)
    {
        int[] counters = _wheel[(created - _origin) / _step % _wheel.Length];
        for (int row = 0; row < Rows; row++)
        {
            int counter = CounterOf(keyHash, row);
            Interlocked.Decrement(ref counters[counter]);
            Interlocked.Decrement(ref _totals[counter]);
        }
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

    private static int CounterOf(uint keyHash, int row)
        => (row * Columns) + (int)((keyHash >> (row * ColumnBits)) & (Columns - 1));
}
