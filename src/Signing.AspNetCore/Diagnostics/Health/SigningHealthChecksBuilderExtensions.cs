using Microsoft.Extensions.Diagnostics.HealthChecks;
using Signing.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what a host needs to verify signatures to its health checks.</summary>
public static class SigningHealthChecksBuilderExtensions
{
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Adds five checks: <c>signing_credentials</c>, <c>signing_secrets</c>, <c>signing_replay</c>, <c>signing_clock</c> and <c>signing_tokens</c>; adding them twice adds nothing.</summary>
    /// <param name="builder">The host's health checks.</param>
    /// <param name="tags">Tags of all five, to choose them by, such as <c>ready</c>.</param>
    /// <param name="timeout">How long each may take, from 100 milliseconds to a minute: 2 seconds unless set.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is outside its limits.</exception>
    /// <remarks>
    /// What does not answer in time is told so, and is not asked a second time while it is still being asked. Do not restart
    /// a host because of these: what they find is seldom mended by it, and a start raises the floor of the replay store.
    /// </remarks>
    public static IHealthChecksBuilder AddSigning(this IHealthChecksBuilder builder, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        TimeSpan limit = timeout ?? UsualTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, MinTimeout, nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxTimeout, nameof(timeout));
        if (builder.Services.Any(static service => service.ServiceType == typeof(SigningHealth)))
        {
            return builder;
        }

        builder.Services.AddSingleton(provider => new SigningHealth(provider, limit));
        string[] all = [.. tags ?? []];
        foreach (HealthSubject subject in Enum.GetValues<HealthSubject>())
        {
            builder.Add(new HealthCheckRegistration(SigningHealth.NameOf(subject), provider => provider.GetRequiredService<SigningHealth>().Of(subject), failureStatus: null, all));
        }

        return builder;
    }
}
