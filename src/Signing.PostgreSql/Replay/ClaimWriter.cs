using System.Diagnostics;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Writes batches of claims, one after another, for as long as claims wait.</summary>
/// <remarks>
/// No signature is granted twice, whatever happens, because of three things that do not depend on a clock.
/// <code>
/// 1  One row for each signature: the primary key of its slot. Of two that insert it at once one waits for the other and loses.
/// 2  A slot is emptied in the transaction that raises the floor above every time it held (claims.open, claims.begin), and
///    which nobody who claims in that slot runs beside, be it truncated or deleted row by row (clear_claims).
/// 3  A claim inserts first and then, with the slot still locked by that, reads the floor (claims.insert): it is granted only
///    if its time is not below. Was the slot emptied before the insert, the floor that is read is above its time. Is it to
///    be emptied afterwards, that waits until the claim is committed, and from then on nobody passes the floor any more.
/// So a slow statement, a node that was frozen, or one that still believes in what it read yesterday grants nothing.
///
/// A crash empties the slots together with the one row of the memory. Without it nothing is granted, and the next memory
/// begins at the horizon, which is on disk before anything below it is granted.
/// </code>
/// A row that granted nothing may stay, as after a lost answer: it refuses a signature that its caller was told to replace.
/// </remarks>
internal sealed class ClaimWriter(Database database, ClaimQueue queue, ClaimOpening opening, ClaimShares shares, ClaimHealth health, TimeSpan timeout)
{
    private readonly ClaimSession _session = new(database);
    private readonly List<PendingClaim> _taken = [];
    private readonly ClaimBatch _toInsert = new();
    private readonly ClaimBatch _toLookUp = new();
    private int _failures;

    /// <summary>Writes until nothing waits.</summary>
    public async Task RunAsync()
    {
        while (queue.TryTake(_taken))
        {
            // What a network may take is real time, whatever clock the claims are judged by.
            using var limit = new CancellationTokenSource(timeout, TimeProvider.System);
            Task written = WriteAsync(limit.Token);
            try
            {
                await written.WaitAsync(timeout, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);

                // Behind those who have just been answered: what they claim next makes one batch, and not one and a rest.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }
            catch (TimeoutException)
            {
                // The statement is being cancelled, which takes its time where the server does not answer. Nobody waits for that.
                health.Slow(timeout);
                queue.GiveUp(_taken);
                await written.ConfigureAwait(false);
                queue.Recover();
            }
        }
    }

    /// <summary>Gives the connection back, while the writer does not run.</summary>
    public ValueTask CloseAsync() => _session.CloseAsync();

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            ClaimMemory? memory = null;
            try
            {
                await DistrustAsync().ConfigureAwait(false);
                long began = Stopwatch.GetTimestamp();
                memory = await ClaimAsync(cancellationToken).ConfigureAwait(false);

                // What is below the floor is refused from memory, which tells nothing about the database.
                if (!_toInsert.IsEmpty || !_toLookUp.IsEmpty)
                {
                    health.Answered(_taken.Count, Stopwatch.GetElapsedTime(began));
                }
            }
            finally
            {
                GiveBack();
                queue.Settle(_taken);
            }

            // The next second in good time, so that nobody has to wait for it.
            long latest = Latest();
            if (memory is not null && latest < memory.Ceiling && latest + 1 >= memory.Ceiling)
            {
                await OpenAsync(latest + 1, onlyIfFree: true, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // Whatever the reason, nothing was granted.
            health.Failed(exception);
            await _session.CloseAsync().ConfigureAwait(false);
        }
    }

    // Whoever cut the other writer's connection, or ended the server, has most often cut this one's too, which has waited
    // meanwhile; and only a batch that is refused for it would find out.
    private async ValueTask DistrustAsync()
    {
        int failures = health.Failures;
        if (failures != _failures)
        {
            _failures = failures;
            await _session.CloseAsync().ConfigureAwait(false);
        }
    }

    // Gives the memory under which the batch was judged.
    private async Task<ClaimMemory?> ClaimAsync(CancellationToken cancellationToken)
    {
        _toInsert.Clear();
        _toLookUp.Clear();
        long latest = Latest();
        ClaimMemory? memory = opening.Known;
        if (memory is null || latest >= memory.Ceiling)
        {
            memory = (await OpenAsync(latest, onlyIfFree: false, cancellationToken).ConfigureAwait(false))!;
        }

        Sort(memory);
        if (!_toLookUp.IsEmpty)
        {
            _toLookUp.Arrange(memory);
            await _session.LookAsync(_toLookUp, cancellationToken).ConfigureAwait(false);
            foreach (PendingClaim claim in _toLookUp.Claims)
            {
                claim.Outcome = claim.IsFound ? ReplayClaim.AlreadyClaimed : claim.Limit;
            }
        }

        if (_toInsert.IsEmpty)
        {
            return memory;
        }

        _toInsert.Arrange(memory);
        ClaimMemory? judged = await _session.InsertAsync(_toInsert, cancellationToken).ConfigureAwait(false);

        // Under another width the time belongs to another slot than the one that was asked.
        if (judged is null || judged.Width != memory.Width)
        {
            opening.Known = null;
            judged = await OpenAsync(latest, onlyIfFree: false, cancellationToken).ConfigureAwait(false);
            RefuseBelow(judged!.Floor);
            return judged;
        }

        opening.Known = judged;
        Judge(judged);
        return judged;
    }

    private async Task<ClaimMemory?> OpenAsync(long created, bool onlyIfFree, CancellationToken cancellationToken) =>
        await opening.OpenAsync(await _session.ConnectAsync(cancellationToken).ConfigureAwait(false), created, onlyIfFree, cancellationToken).ConfigureAwait(false);

    // Asks only for what can be granted. What lies outside was decided by ends that only rise.
    private void Sort(ClaimMemory memory)
    {
        shares.Turn();
        foreach (PendingClaim claim in _taken)
        {
            if (claim.Created < memory.Floor)
            {
                claim.Outcome = ReplayClaim.BeforeFloor;
            }
            else if (claim.Created < memory.Ceiling)
            {
                claim.Limit = shares.TryTake(claim);
                (claim.Limit == ReplayClaim.Claimed ? _toInsert : _toLookUp).Add(claim);
            }
        }
    }

    private void Judge(ClaimMemory memory)
    {
        foreach (PendingClaim claim in _toInsert.Claims)
        {
            if (claim.Created < memory.Floor)
            {
                // Its slot may have been emptied before it was inserted, so that nobody knows whether it was claimed before.
                claim.Outcome = ReplayClaim.BeforeFloor;
            }
            else if (claim.Created < memory.Ceiling)
            {
                claim.Outcome = claim.IsInserted ? ReplayClaim.Claimed : ReplayClaim.AlreadyClaimed;
            }
        }
    }

    // The memory was lost on the way: nobody knows about the rest, and a later signature can tell.
    private void RefuseBelow(long floor)
    {
        foreach (PendingClaim claim in _toInsert.Claims)
        {
            claim.Outcome = claim.Created < floor ? ReplayClaim.BeforeFloor : ReplayClaim.Unavailable;
        }
    }

    private void GiveBack()
    {
        foreach (PendingClaim claim in _toInsert.Claims)
        {
            if (claim.Outcome != ReplayClaim.Claimed)
            {
                shares.Return(claim);
            }
        }
    }

    private long Latest() => _taken.Max(static claim => claim.Created);
}
