using System.Diagnostics;
using System.Security.Cryptography;

namespace Signing;

// HMAC-SHA256 under one secret. Keying the hash is half of the work for a short message, so keyed states are kept for
// reuse while the cap admits this key; otherwise, and when every state is in use, the MAC is computed in one shot.
[DebuggerDisplay("KeyedHash")]
internal sealed class KeyedHash(byte[] secret, KeyedHashCap cap)
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] _secret = secret;

    // Null while the cap does not admit this key.
    private ProcessorSlots<IncrementalHash>? _states;
    private int _misses;
    private bool _recentlyUsed;
    private volatile bool _closed;

    public bool IsClosed => _closed;

    public bool KeepsStates => States is not null;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public ProcessorSlots<IncrementalHash>? States => Volatile.Read(ref _states);

    // Ends with a full fence, here or by the exchange that returns the state: HmacSha256 relies on it.
    public void Compute(ReadOnlySpan<byte> data, Span<byte> mac)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mac.Length, HmacSha256.MacSize, nameof(mac));
        ProcessorSlots<IncrementalHash>? states = States ?? AskForStates();
        int place = 0;
        IncrementalHash? state = states?.Rent(out place) ?? Create(states);
        if (states is null || state is null)
        {
            HMACSHA256.HashData(_secret, data, mac);
            Interlocked.MemoryBarrier();
            return;
        }

        if (!_recentlyUsed)
        {
            // Written only when it changes, so that processors do not take the cache line from each other.
            _recentlyUsed = true;
        }

        bool clean = false;
        try
        {
            state.AppendData(data);
            state.GetHashAndReset(mac);
            clean = true;
        }
        finally
        {
            // After a failure the state may hold a part of this message, and the next MAC would be over both.
            if (!clean || !states.TryReturn(state, place))
            {
                states.Discard(state);
            }
        }
    }

    // Called by the cap, which holds its lock: nobody else opens or evicts meanwhile.
    public void KeepStates()
    {
        Volatile.Write(ref _states, new ProcessorSlots<IncrementalHash>());
        _recentlyUsed = true;
        // Either Close sees the states written above, or this sees that it was closed.
        Interlocked.MemoryBarrier();
        if (_closed)
        {
            DropStates();
        }
    }

    public void DropStates()
    {
        Volatile.Write(ref _misses, 0);
        Interlocked.Exchange(ref _states, null)?.Close();
    }

    public bool ClearRecentlyUsed()
    {
        bool recentlyUsed = _recentlyUsed;
        _recentlyUsed = false;
        return recentlyUsed;
    }

    public void Close()
    {
        _closed = true;
        DropStates();
    }

    // An unlucky race loses a count, which is harmless.
    private ProcessorSlots<IncrementalHash>? AskForStates()
        => cap.TryAdmit(this, ++_misses) ? States : null;

    private IncrementalHash? Create(ProcessorSlots<IncrementalHash>? states)
    {
        if (states is null || !states.TryReserve())
        {
            return null;
        }

        IncrementalHash? state = null;
        try
        {
            return state = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secret);
        }
        finally
        {
            if (state is null)
            {
                states.Release();
            }
        }
    }
}
