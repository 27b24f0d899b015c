using Microsoft.Extensions.Logging;

namespace Signing.Client;

/// <summary>Stands before the store of the user: whatever it does, an acquisition goes on without it.</summary>
internal sealed class GuardedStore(AccessTokenStore? store, TimeProvider time, ILogger log, Func<double> draw)
{
    /// <summary>How long a store may take for one step.</summary>
    public static readonly TimeSpan StepTime = TimeSpan.FromSeconds(2);

    public async ValueTask<StoredText> ReadAsync(TokenIdentity identity, CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return default;
        }

        (bool answered, string? text) = await TryAsync(identity, limit => store.ReadAsync(identity.Name, limit), cancellationToken).ConfigureAwait(false);
        if (!answered || text is null)
        {
            return new StoredText(answered, null, null);
        }

        if (StoredToken.TryRead(text, TokenMoment.Now(time), draw(), out AccessToken? token))
        {
            return new StoredText(true, text, token);
        }

        log.StoreIsCorrupt(identity.Key);
        return default;
    }

    /// <returns><see langword="true"/> if the text is there now, <see langword="false"/> if another one is, <see langword="null"/> if there is no store or it is down.</returns>
    public async ValueTask<bool?> TryReplaceAsync(TokenIdentity identity, string? expected, string? replacement, CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return null;
        }

        (bool answered, bool replaced) = await TryAsync(identity, limit => store.TryReplaceAsync(identity.Name, expected, replacement, limit), cancellationToken).ConfigureAwait(false);
        return answered ? replaced : null;
    }

    private async ValueTask<(bool Answered, T? Result)> TryAsync<T>(TokenIdentity identity, Func<CancellationToken, ValueTask<T>> step, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(StepTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            Task<T> running = step(either.Token).AsTask();
            ObserveLater(running);
            return (true, await running.WaitAsync(either.Token).ConfigureAwait(false));
        }
        catch (Exception broken) when (!cancellationToken.IsCancellationRequested)
        {
            log.StoreFailed(identity.Key, broken);
            return default;
        }
    }

    // A store that ignores its cancellation token fails when nobody waits for it any more.
    private static void ObserveLater(Task running) => _ = running.ContinueWith(
        static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
