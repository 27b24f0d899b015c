using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>The claims of this node on their way to the database: each signature once, in batches of whatever waits when a writer is free.</summary>
internal sealed class ClaimQueue(int writers, int maxBatch)
{
    private readonly Lock _gate = new();

    // Those that wait and those that are being written, by their fingerprint.
    private readonly Dictionary<UInt128, PendingClaim> _known = [];
    private readonly Queue<PendingClaim> _waiting = new();
    private int _writing;
    private int _overdue;

    // How many claims the writers have taken and not come back from.
    private int _sent;

    /// <summary>Adds a claim, behind the one of the same signature if there is one.</summary>
    /// <returns>Whether the caller is to start a writer.</returns>
    public bool Add(PendingClaim claim)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(claim.Fingerprint, out PendingClaim? first))
            {
                first.Join(claim);
                return false;
            }

            if (_overdue < writers)
            {
                _known.Add(claim.Fingerprint, claim);
                _waiting.Enqueue(claim);
                if (_writing == writers)
                {
                    return false;
                }

                _writing++;
                return true;
            }
        }

        // Every writer waits for longer than anybody may have to.
        claim.Tell(ReplayClaim.Unavailable);
        return false;
    }

    /// <summary>Takes a writer's share of what waits, but for callers who have left.</summary>
    /// <returns><see langword="false"/> if nothing waits: then the writer ends.</returns>
    public bool TryTake(List<PendingClaim> batch)
    {
        lock (_gate)
        {
            _sent -= batch.Count;
            batch.Clear();

            // Of those that wait and those that are under way, each writer has its part: with all of them in one batch the
            // other writer would send what comes next one by one.
            int share = Math.Min(maxBatch, (_waiting.Count + _sent + writers - 1) / writers);
            while (batch.Count < share && _waiting.TryDequeue(out PendingClaim? claim))
            {
                if (claim.IsAbandoned)
                {
                    _known.Remove(claim.Fingerprint);
                    continue;
                }

                batch.Add(claim);
            }

            _sent += batch.Count;
            if (batch.Count == 0)
            {
                _writing--;
            }

            return batch.Count > 0;
        }
    }

    /// <summary>Tells the callers of a batch what became of their claims.</summary>
    public void Settle(List<PendingClaim> batch)
    {
        Leave(batch);
        foreach (PendingClaim claim in batch)
        {
            claim.Tell(claim.Outcome);
        }
    }

    /// <summary>Gives up on a batch that takes too long, and on all that waits if no writer is left to take it. Whatever the database makes of the batch, nobody accepts it any more.</summary>
    public void GiveUp(List<PendingClaim> batch)
    {
        PendingClaim[] stuck = [];
        lock (_gate)
        {
            _overdue++;
            if (_overdue == writers)
            {
                stuck = [.. _waiting];
                _waiting.Clear();
            }
        }

        Leave(batch);
        Leave(stuck);
        foreach (PendingClaim claim in batch.Concat(stuck))
        {
            claim.Tell(ReplayClaim.Unavailable);
        }
    }

    /// <summary>Counts a writer in again that had taken too long.</summary>
    public void Recover()
    {
        lock (_gate)
        {
            _overdue--;
        }
    }

    // From here on the same signature is a claim of its own.
    private void Leave(IReadOnlyList<PendingClaim> claims)
    {
        lock (_gate)
        {
            foreach (PendingClaim claim in claims)
            {
                if (_known.TryGetValue(claim.Fingerprint, out PendingClaim? known) && ReferenceEquals(known, claim))
                {
                    _known.Remove(claim.Fingerprint);
                }
            }
        }
    }
}
