using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>Writes uses to the store behind the requests, all that wait at once, and the last of them when the host has stopped; a store that fails refuses no request.</summary>
internal sealed class LastUseWriter(LastUses uses, ICredentialStore? store, TimeProvider time, ILogger<LastUseWriter> logger) : IHostedLifecycleService, IDisposable
{
    /// <summary>How long a use waits at most.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    // Never disposed of: a test host may stop what it has disposed of already.
    private readonly CancellationTokenSource _stopping = new();
    private PeriodicTimer? _timer;
    private Task _writing = Task.CompletedTask;
    private bool _isFailing;

    public static void AddTo(IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new LastUses(areWanted: provider.GetService<ICredentialStore>() is not null));
        services.TryAddSingleton(static provider => new LastUseWriter(
            provider.GetRequiredService<LastUses>(), provider.GetService<ICredentialStore>(), provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<LastUseWriter>>()));
        services.AddHostedService(static provider => provider.GetRequiredService<LastUseWriter>());
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (store is not null)
        {
            _timer = new PeriodicTimer(Period, time);
            _writing = WriteAgainAndAgainAsync(_timer);
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // After every StopAsync, the server's among them.
    public Task StoppedAsync(CancellationToken cancellationToken) => WriteAsync(cancellationToken);

    /// <summary>Writes what waits now; what the store does not take waits on.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        IReadOnlyCollection<SecretUse> waiting = uses.Take();
        if (store is null || waiting.Count == 0)
        {
            return;
        }

        try
        {
            await store.MarkUsedAsync(waiting, cancellationToken).ConfigureAwait(false);
            Report(failure: null);
        }
        catch (Exception exception)
        {
            // Whatever a store throws, no request depends on it.
            uses.PutBack(waiting);
            if (!Cancellation.Caused(exception, cancellationToken))
            {
                Report(exception);
            }
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _stopping.Cancel();
    }

    private async Task WriteAgainAndAgainAsync(PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
        {
            await WriteAsync(_stopping.Token).ConfigureAwait(false);
        }
    }

    // Once for each outage, and once for its end.
    private void Report(Exception? failure)
    {
        if (_isFailing == (failure is not null))
        {
            return;
        }

        _isFailing = failure is not null;
        if (_isFailing)
        {
            logger.UsesNotWritten(failure!);
            return;
        }

        logger.UsesWrittenAgain();
    }
}
