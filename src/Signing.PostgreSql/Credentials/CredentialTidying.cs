using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Signing.PostgreSql;

/// <summary>Settles the credentials behind the requests again and again, and seals their Secrets anew once after the start; what fails refuses no request and is tried again.</summary>
internal sealed class CredentialTidying(CredentialSettling settling, CredentialResealing resealing, TimeProvider time, ILogger<CredentialTidying> logger) : IHostedService, IDisposable
{
    /// <summary>How long what time has ended, and is refused, may still stand in the database: 5 minutes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    // Never disposed of: a test host may stop what it has disposed of already.
    private readonly CancellationTokenSource _stopping = new();
    private PeriodicTimer? _timer;
    private Task _tidying = Task.CompletedTask;
    private bool _isResealed;
    private bool _isFailing;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = new PeriodicTimer(Interval, time);
        CancellationToken stopping = _stopping.Token;
        _tidying = Task.Run(() => TidyAgainAndAgainAsync(_timer, stopping), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _tidying.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        // Stopped or not: a start that fails elsewhere stops nobody.
        _timer?.Dispose();
        _stopping.Cancel();
    }

    private async Task TidyAgainAndAgainAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        do
        {
            await TidyAsync(stopping).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false));
    }

    private async Task TidyAsync(CancellationToken cancellationToken)
    {
        try
        {
            int settled = await settling.SettleAsync(cancellationToken).ConfigureAwait(false);
            if (settled > 0)
            {
                logger.CredentialsSettled(settled);
            }

            if (!_isResealed && await resealing.ResealAsync(cancellationToken).ConfigureAwait(false) is var resealed and not 0)
            {
                logger.SecretsResealed(resealed);
            }

            (_isResealed, _isFailing) = (true, false);
        }
        catch (Exception exception)
        {
            // Whatever the database says, no request depends on it. Once for each outage, and never because the host stops.
            if (!_isFailing && !cancellationToken.IsCancellationRequested)
            {
                _isFailing = true;
                logger.CredentialsNotTidied(Interval, exception);
            }
        }
    }
}
