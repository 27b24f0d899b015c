using System.Diagnostics.CodeAnalysis;

namespace Signing.PostgreSql;

/// <summary>Has this node read the Data Protection ring again, where something does not open that another node has sealed.</summary>
/// <remarks>By itself the framework looks once a day, which is soon enough only for keys that are made days before they are used.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer has nothing to let go of, and the framework holds its token.")]
internal sealed class RingRenewal(TimeProvider time)
{
    // What is damaged does not open however often the ring is read.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private CancellationTokenSource _current = new();
    private long? _last;

    /// <summary>Gets what is cancelled when what was read of the ring does not count any more.</summary>
    public CancellationToken Current
    {
        get
        {
            lock (_gate)
            {
                return _current.Token;
            }
        }
    }

    /// <summary>Lets what was read of the ring count no more, at most once a second.</summary>
    public void Renew()
    {
        CancellationTokenSource former;
        lock (_gate)
        {
            if (_last is { } last && time.GetElapsedTime(last) < Interval)
            {
                return;
            }

            _last = time.GetTimestamp();
            former = _current;
            _current = new CancellationTokenSource();
        }

        former.Cancel();
    }
}
