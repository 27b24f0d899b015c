namespace Signing.AspNetCore;

/// <summary>The two moments at which the host may decide; both doors, the scheme and the middleware, come through here.</summary>
public class SignatureEvents
{
    private static readonly Func<SignatureValidatedContext, Task> NothingToValidate = static _ => Task.CompletedTask;

    /// <summary>Called once for a request whose signature was verified and claimed; may replace the user.</summary>
    public Func<SignatureValidatedContext, Task> OnValidated { get; set; } = NothingToValidate;

    /// <summary>Called before a refusal is written; may change the problem or write the response itself.</summary>
    public Func<SignatureChallengeContext, Task> OnChallenge { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Says whether <see cref="ValidatedAsync"/> does anything, so that its context is not built for nothing.</summary>
    internal bool ObservesValidated => !ReferenceEquals(OnValidated, NothingToValidate) || GetType() != typeof(SignatureEvents);

    /// <summary>Calls <see cref="OnValidated"/>.</summary>
    /// <param name="context">The request and its user.</param>
    /// <returns>A task that ends when the handler has.</returns>
    public virtual Task ValidatedAsync(SignatureValidatedContext context) => OnValidated(context);

    /// <summary>Calls <see cref="OnChallenge"/>.</summary>
    /// <param name="context">The request and what is about to be written.</param>
    /// <returns>A task that ends when the handler has.</returns>
    public virtual Task ChallengeAsync(SignatureChallengeContext context) => OnChallenge(context);
}
