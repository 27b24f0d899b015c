using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Compares this host's clock with those of its callers, as far as their verified signatures tell; a database is a better witness, and asked where there is one.</summary>
/// <remarks>
/// One caller's clock proves nothing, so that the limits are about all of them: even the youngest signature is old, or even the
/// oldest lies ahead. Callers that set themselves by this host, as our client does, say nothing against it.
/// </remarks>
internal static class ClockHealth
{
    // Whole seconds, and the way here.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    public static List<HealthFinding> Ask(IServiceProvider services)
    {
        TimeProvider time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        return [services.GetService<SigningMetrics>()?.Times.Read(time.GetUtcNow()) is { } seen
            ? Judge(seen, PoliciesOf(services))
            : HealthFinding.Healthy("Too few signatures were verified in the last minutes to judge the clock by them.")];
    }

    /// <summary>Gets the policies of all schemes, or the usual one where there are none.</summary>
    public static VerificationPolicy[] PoliciesOf(IServiceProvider services)
    {
        IOptionsMonitor<SignatureOptions> options = services.GetRequiredService<IOptionsMonitor<SignatureOptions>>();
        VerificationPolicy[] policies = [.. services.GetServices<SignatureScheme>().Select(scheme => options.Get(scheme.Name).Policy)];
        return policies is [] ? [new VerificationPolicy()] : policies;
    }

    private static HealthFinding Judge(SignedTimes.Span seen, VerificationPolicy[] policies)
    {
        (string, object)[] data = [("youngest_signature_seconds", seen.Youngest.TotalSeconds), ("oldest_signature_seconds", seen.Oldest.TotalSeconds)];
        if (seen.Oldest < -Tolerance)
        {
            return HealthFinding.Degraded("Every signature of the last minutes was dated ahead of this clock, which seems to be behind.", data);
        }

        TimeSpan skew = policies.Max(static policy => policy.FutureSkew);
        TimeSpan age = policies.Min(static policy => policy.MaxAge);
        if (seen.Youngest <= (skew > Tolerance ? skew : Tolerance))
        {
            return HealthFinding.Healthy("The clock agrees with the signatures of the last minutes.", data);
        }

        return seen.Youngest < age / 2
            ? HealthFinding.Degraded("Even the youngest signature of the last minutes was old when it came: this clock seems to be ahead, or requests wait on their way.", data)
            : HealthFinding.Unhealthy("Even the youngest signature of the last minutes had used up half of the age that is accepted: this clock seems to be ahead, or requests wait on their way.", data);
    }
}
