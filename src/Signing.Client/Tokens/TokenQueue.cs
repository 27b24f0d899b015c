namespace Signing.Client;

/// <summary>Waits in a slot for its token, together with all others who do; whoever leaves changes nothing for the rest.</summary>
/// <param name="slot">The slot.</param>
/// <param name="refused">The token that an API has refused, if one has.</param>
/// <param name="acceptDue">Whether a token is good enough that is about to be replaced.</param>
internal readonly struct TokenQueue(TokenSlot slot, AccessToken? refused, bool acceptDue)
{
    public async Task<AccessToken> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (slot.Join(refused, acceptDue, out AccessToken? token) is not { } flight)
            {
                return token!;
            }

            FlightEnd? end = await flight.End.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (TryTake(end, out token))
            {
                return token!;
            }
        }
    }

    /// <summary>Waits without a task, for the synchronous <c>Send</c>.</summary>
    public AccessToken Wait(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (slot.Join(refused, acceptDue, out AccessToken? token) is not { } flight)
            {
                return token!;
            }

            WaitHandle.WaitAny([((IAsyncResult)flight.End).AsyncWaitHandle, cancellationToken.WaitHandle]);
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake(flight.End.GetAwaiter().GetResult(), out token))
            {
                return token!;
            }
        }
    }

    private bool TryTake(FlightEnd? end, out AccessToken? token)
    {
        token = end?.Token;
        if (token is not null)
        {
            return true;
        }

        if (end?.Failure is not { } failure)
        {
            return false;
        }

        // One that is due is still good enough when its successor cannot be had.
        return slot.TryGet(refused, acceptDue: true, out token) ? true : throw failure.ToException(slot.Now);
    }
}
