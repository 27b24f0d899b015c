namespace Signing.PostgreSql;

/// <summary>The writers that do not run, each with the connection of its last batch; the queue says how many may run.</summary>
internal sealed class ClaimWriters : IDisposable
{
    // Whoever claims less often than that gives the connection back. One that is silent for longer may be cut off on the way
    // by what stands there, and nobody learns of it before the next claim; the pool closes such connections in time.
    private static readonly TimeSpan Idleness = TimeSpan.FromSeconds(10);

    private readonly Func<ClaimWriter> _make;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();

    // The one that ran last is taken first, so that the others can be seen to be idle.
    private readonly Stack<(ClaimWriter Writer, long Since)> _idle = new();
    private readonly ITimer _sweep;
    private bool _isDisposed;

    public ClaimWriters(Func<ClaimWriter> make, TimeProvider time)
    {
        _make = make;
        _time = time;
        _sweep = time.CreateTimer(static writers => _ = ((ClaimWriters)writers!).CloseAsync(Idleness), this, Idleness, Idleness);
    }

    /// <summary>Has a writer write until nothing waits.</summary>
    public async Task RunAsync()
    {
        ClaimWriter writer = Take();
        await writer.RunAsync().ConfigureAwait(false);
        if (!TryKeep(writer))
        {
            await writer.CloseAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        _sweep.Dispose();

        // Those that still run close when they end.
        _ = CloseAsync(TimeSpan.Zero);
    }

    private ClaimWriter Take()
    {
        lock (_gate)
        {
            // One that has just ended may still be on its way back here.
            return _idle.TryPop(out (ClaimWriter Writer, long Since) last) ? last.Writer : _make();
        }
    }

    private bool TryKeep(ClaimWriter writer)
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _idle.Push((writer, _time.GetTimestamp()));
            }

            return !_isDisposed;
        }
    }

    private async Task CloseAsync(TimeSpan idleness)
    {
        List<ClaimWriter> idle = [];
        lock (_gate)
        {
            (ClaimWriter Writer, long Since)[] all = [.. _idle];
            _idle.Clear();
            foreach ((ClaimWriter Writer, long Since) one in all.Reverse())
            {
                if (_time.GetElapsedTime(one.Since) >= idleness)
                {
                    idle.Add(one.Writer);
                }
                else
                {
                    _idle.Push(one);
                }
            }
        }

        foreach (ClaimWriter writer in idle)
        {
            await writer.CloseAsync().ConfigureAwait(false);
        }
    }
}
