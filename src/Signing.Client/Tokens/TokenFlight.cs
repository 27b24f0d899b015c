using System.Diagnostics;

namespace Signing.Client;

/// <summary>Is one acquisition on its way: it ends by itself or with the slot, whoever waits for it or leaves.</summary>
/// <param name="acquisition">What it does.</param>
/// <param name="emptied">What it waits for first: a revocation that is at the store.</param>
/// <param name="replaced">The token that it is to replace, if there is one.</param>
/// <param name="refused">Whether it began because an API refused that token.</param>
/// <param name="revocations">How often the slot had been revoked when it began.</param>
internal sealed class TokenFlight(TokenAcquisition acquisition, Task emptied, AccessToken? replaced, bool refused, int revocations)
{
    /// <summary>How long one flight may take.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource<FlightEnd?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How it ended; <see langword="null"/> if the slot was revoked meanwhile, or disposed of. It never faults.</summary>
    public Task<FlightEnd?> End => _end.Task;

    public int Revocations => revocations;

    public void Complete(FlightEnd? end) => _end.SetResult(end);

    /// <summary>How many tokens were refused in a row before the one that this flight brings, each soon after it was issued.</summary>
    public int RefusedBefore(TokenMoment now, bool isFromStore)
    {
        if (!refused || replaced is null)
        {
            return 0;
        }

        // That one is refused says nothing against issuing another, unless this one is issued for it.
        int more = isFromStore ? 0 : 1;
        return replaced.AgeAt(now) < Backoff.Longest ? replaced.RefusedBefore + more : more;
    }

    public async Task<FlightEnd> AcquireAsync(CancellationToken cancellationToken)
    {
        using Activity? activity = ClientTelemetry.StartAcquiring();
        try
        {
            await emptied.WaitAsync(cancellationToken).ConfigureAwait(false);
            return await acquisition.RunAsync(replaced, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException late) when (cancellationToken.IsCancellationRequested)
        {
            return Failed($"No token was had within {LongestTime.TotalSeconds} s.", late);
        }
        catch (Exception unexpected)
        {
            // It is told to all callers and to the log; thrown here, nobody would see it.
            return Failed("No token was had for a reason that was not foreseen.", unexpected);
        }
    }

    private static FlightEnd Failed(string problem, Exception cause) => new(null, TokenOrigin.Login, [], new TokenReply(null, problem, Cause: cause));
}
