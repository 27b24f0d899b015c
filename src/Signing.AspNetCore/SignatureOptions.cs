using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Configures one scheme of signed requests; wrong values stop the host at start.</summary>
/// <remarks>
/// Several schemes stand side by side, each with its own policy. A credential source or replay store registered as a keyed
/// service under the scheme's name serves that scheme alone.
/// </remarks>
public sealed class SignatureOptions : AuthenticationSchemeOptions
{
    /// <summary>Creates options with every default.</summary>
    public SignatureOptions() => Events = new SignatureEvents();

    /// <summary>What a signature must cover and carry, and how old it may be.</summary>
    public VerificationPolicy Policy { get; set; } = new();

    /// <summary>How the content is checked against its digest.</summary>
    public SignatureBodyOptions Body { get; set; } = new();

    /// <summary>How the in-memory replay store is sized; without effect on a store that is registered as a service.</summary>
    public ReplayOptions Replay { get; set; } = new();

    /// <summary>
    /// The <c>https://host[:port][/prefix]</c> that callers see, for an API behind a gateway that changes the host, the scheme or
    /// the path; <see langword="null"/>, the default, takes them from the request.
    /// </summary>
    /// <remarks>The prefix is what the gateway removes from the path. Leave this unset where ASP.NET's forwarded-headers middleware restores host and scheme.</remarks>
    public Uri? PublicOrigin { get; set; }

    /// <summary>The environment that this API serves, such as <c>live</c>, credentials of another being refused; <see langword="null"/>, the default, serves all.</summary>
    public string? Environment { get; set; }

    /// <summary>The <c>realm</c> of the challenge, in printable ASCII; <see langword="null"/>, the default, sends none.</summary>
    public string? Realm { get; set; }

    /// <summary>Whether an <c>invalid_credential</c> answer carries the signature base as the server sees it, so that the caller can find the line that differs; <see langword="null"/>, the default, means in Development only.</summary>
    /// <remarks>
    /// It never holds a MAC. In Development it repeats every value, a covered token included. Elsewhere it gives the length alone
    /// of tokens, of cookies, and of any field that <see cref="Policy"/> does not name: what a signature covers is the caller's
    /// choice, without a key, and a gateway may have added the field.
    /// </remarks>
    public bool? ShowSignatureBase { get; set; }

    /// <summary>What the host adds to the two moments it may decide: a verified request, and a refusal.</summary>
    public new SignatureEvents Events
    {
        get => (SignatureEvents)base.Events!;
        set => base.Events = value;
    }

    /// <summary>Checks every value.</summary>
    /// <param name="scheme">The name of the scheme, for the message.</param>
    /// <exception cref="OptionsValidationException">A value is missing or outside its limits.</exception>
    public override void Validate(string scheme)
    {
        base.Validate(scheme);
        List<string> failures = [];
        if (Policy is null || Body is null || Replay is null || (Events is null && EventsType is null))
        {
            failures.Add("Policy, Body, Replay and Events must not be null.");
        }

        if (Policy is not null && PolicyFailure(Policy) is { } failure)
        {
            failures.Add(failure);
        }

        if (Policy is { Target: MessageKind.Response })
        {
            failures.Add("Policy is one for responses; requests are verified by new VerificationPolicy().");
        }

        if (Body?.MaxBytes < 0)
        {
            failures.Add("Body.MaxBytes must not be negative.");
        }

        if (Replay?.Capacity is < ReplayOptions.MinCapacity or > ReplayOptions.MaxCapacity)
        {
            failures.Add($"Replay.Capacity must be from {ReplayOptions.MinCapacity} to {ReplayOptions.MaxCapacity}.");
        }

        if (PublicOrigin is not null && !Origin.IsUsable(PublicOrigin))
        {
            failures.Add("PublicOrigin must be an absolute http or https address without user, query and fragment, such as https://api.example.com/v1.");
        }

        if (Realm is not null && Realm.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            failures.Add("Realm must be printable ASCII.");
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(scheme, typeof(SignatureOptions), failures);
        }
    }

    private static string? PolicyFailure(VerificationPolicy policy)
    {
        try
        {
            _ = new MessageVerifier(policy);
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }
}
