using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Signing.AspNetCore;

/// <summary>Asks about one subject, for all who want to know at the same time together, and answers in time whatever becomes of the question.</summary>
/// <param name="ask">Asks.</param>
/// <param name="unknown">What it means that nobody knows.</param>
/// <param name="timeout">How long anybody waits.</param>
/// <param name="keep">How long an answer holds: health endpoints are often open to anybody, and a question may cost something.</param>
/// <param name="time">The clock that counts <paramref name="keep"/>.</param>
internal sealed class HealthProbe(Func<CancellationToken, ValueTask<HealthFinding>> ask, Func<HealthStatus> unknown, TimeSpan timeout, TimeSpan keep, TimeProvider time) : IHealthCheck
{
    private readonly Lock _gate = new();
    private Task<HealthFinding>? _asked;
    private long _at;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthFinding finding;
        try
        {
            finding = await Asked().WaitAsync(timeout, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            finding = new HealthFinding(unknown(), "There was no answer in time.", ("timeout_seconds", timeout.TotalSeconds));
        }

        HealthStatus status = finding.Status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : finding.Status;
        return new HealthCheckResult(status, finding.Description, exception: null, finding.Data.ToDictionary(static entry => entry.Name, static entry => entry.Value, StringComparer.Ordinal));
    }

    private Task<HealthFinding> Asked()
    {
        lock (_gate)
        {
            if (_asked is { IsCompleted: false } || (_asked is not null && time.GetElapsedTime(_at) < keep))
            {
                return _asked;
            }

            // On a thread of its own: a key ring may be read without being asynchronous, and for longer than anybody waits.
            _at = time.GetTimestamp();
            using AsyncFlowControl apart = ExecutionContext.SuppressFlow();
            return _asked = Task.Run(AskAsync, CancellationToken.None);
        }
    }

    private async Task<HealthFinding> AskAsync()
    {
        // Earlier than whoever waits gives up, so that what it means can still be told.
        using var limit = new CancellationTokenSource(timeout * 3 / 4);
        try
        {
            return await ask(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever it is, nobody knows; messages of exceptions name servers and users, so only the kind is told.
            return new HealthFinding(unknown(), "The question failed.", ("error", exception.GetType().Name));
        }
    }
}
