using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>One caller who waits for a claim, and behind it those who claim the same signature meanwhile.</summary>
internal sealed class PendingClaim(UInt128 fingerprint, uint keyHash, long created) : TaskCompletionSource<ReplayClaim>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private PendingClaim? _next;

    public UInt128 Fingerprint => fingerprint;

    public uint KeyHash => keyHash;

    /// <summary>Gets the signed time, in seconds since 1970.</summary>
    public long Created => created;

    /// <summary>What became of it; nothing that is forgotten grants.</summary>
    public ReplayClaim Outcome { get; set; }

    /// <summary>What the database has said: that the signature is new to it and now claimed, or that it is claimed. By itself that grants nothing.</summary>
    public bool IsInserted { get; set; }

    /// <summary>Whether the signature was claimed, if the database was only asked.</summary>
    public bool IsFound { get; set; }

    /// <summary>What to answer for want of room, unless the signature was claimed.</summary>
    public ReplayClaim Limit { get; set; }

    /// <summary>The time under which it counts towards its key's share.</summary>
    public long CountedAt { get; set; }

    /// <summary>Gets whether nobody waits any more.</summary>
    public bool IsAbandoned
    {
        get
        {
            for (PendingClaim? claim = this; claim is not null; claim = claim._next)
            {
                if (!claim.Task.IsCompleted)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Has another caller wait for what becomes of this claim; under the queue's lock.</summary>
    public void Join(PendingClaim other)
    {
        other._next = _next;
        _next = other;
    }

    /// <summary>Tells everybody who waits. No one else joins any more.</summary>
    public void Tell(ReplayClaim outcome)
    {
        for (PendingClaim? claim = this; claim is not null; claim = claim._next)
        {
            // Of all who wait, one may accept: the first who is still there, as the result of a task is set only once. The
            // others are copies of what that one accepts.
            if (claim.TrySetResult(outcome) && outcome == ReplayClaim.Claimed)
            {
                outcome = ReplayClaim.AlreadyClaimed;
            }
        }
    }
}
