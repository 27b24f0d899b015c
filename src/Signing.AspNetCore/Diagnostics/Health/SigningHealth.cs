using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Signing.AspNetCore;

/// <summary>The five checks of a host, which remember between two calls what was asked.</summary>
internal sealed class SigningHealth
{
    // A claim to see whether claims succeed takes one place in the store for as long as any other.
    private static readonly TimeSpan BetweenClaims = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(1);

    private readonly IServiceProvider _services;
    private readonly TimeSpan _timeout;
    private readonly Dictionary<HealthSubject, HealthProbe> _probes;

    public SigningHealth(IServiceProvider services, TimeSpan timeout)
    {
        _services = services;
        _timeout = timeout;
        _probes = new Dictionary<HealthSubject, HealthProbe>
        {
            [HealthSubject.Credentials] = Make(HealthSubject.Credentials, () => GoesOn() ? HealthStatus.Degraded : HealthStatus.Unhealthy, BetweenQuestions, CredentialHealth.AskAsync),
            [HealthSubject.Secrets] = Make(HealthSubject.Secrets, static () => HealthStatus.Degraded, BetweenQuestions, static (services, _) => ValueTask.FromResult(SecretHealth.Ask(services))),
            [HealthSubject.Replay] = Make(HealthSubject.Replay, static () => HealthStatus.Unhealthy, BetweenClaims, ReplayHealth.AskAsync),
            [HealthSubject.Clock] = Make(HealthSubject.Clock, static () => HealthStatus.Degraded, BetweenQuestions, static (services, _) => ValueTask.FromResult(ClockHealth.Ask(services))),
            [HealthSubject.Tokens] = Make(HealthSubject.Tokens, static () => HealthStatus.Unhealthy, BetweenQuestions, TokenHealth.AskAsync),
        };
    }

    public static string NameOf(HealthSubject subject) => subject switch
    {
        HealthSubject.Credentials => "signing_credentials",
        HealthSubject.Secrets => "signing_secrets",
        HealthSubject.Replay => "signing_replay",
        HealthSubject.Clock => "signing_clock",
        _ => "signing_tokens",
    };

    public HealthProbe Of(HealthSubject subject) => _probes[subject];

    private IEnumerable<HealthQuestion> QuestionsAbout(HealthSubject subject) => _services.GetServices<HealthQuestion>().Where(question => question.Subject == subject);

    private bool GoesOn() => QuestionsAbout(HealthSubject.Credentials).Any(question => question.GoesOn?.Invoke(_services) == true);

    private HealthProbe Make(HealthSubject subject, Func<HealthStatus> unknown, TimeSpan keep, Func<IServiceProvider, CancellationToken, ValueTask<List<HealthFinding>>> own) => new(
        async limit =>
        {
            List<HealthFinding> findings = await own(_services, limit).ConfigureAwait(false);
            foreach (HealthQuestion question in QuestionsAbout(subject))
            {
                findings.Add(await question.AskAsync(_services, limit).ConfigureAwait(false));
            }

            return findings.Count == 0 ? HealthFinding.Healthy("There is nothing to look at.") : HealthFinding.Of(findings);
        },
        unknown, _timeout, keep, _services.GetService<TimeProvider>() ?? TimeProvider.System);
}
