using Microsoft.AspNetCore.Authentication;

namespace Signing.AspNetCore;

/// <summary>What a scheme found about the token of a request: nothing, a user, or a refusal.</summary>
internal readonly struct TokenAnswer
{
    private readonly DateTimeOffset? _end;

    private TokenAnswer(Outcome? refusal, SignaturePrincipal? principal, string? client, DateTimeOffset? end)
    {
        Refusal = refusal;
        Principal = principal;
        Client = client;
        _end = end;
    }

    /// <summary>Whether the request carries no token that the scheme reads.</summary>
    public bool IsAbsent => Refusal is null && Principal is null;

    /// <summary>Gets the true reason; a caller is told only what <see cref="Outcome.Disclosure"/> permits.</summary>
    public Outcome? Refusal { get; }

    /// <summary>Gets the user; <see langword="null"/> unless the token is accepted.</summary>
    public SignaturePrincipal? Principal { get; }

    /// <summary>Gets the Key of the client to whom the token was issued, or what an ApiToken is known by; <see langword="null"/> where nobody has proved to be it.</summary>
    public string? Client { get; }

    public static TokenAnswer Refused(Outcome reason, string? client = null) => new(reason, null, client, null);

    /// <summary>Accepts a token.</summary>
    /// <param name="principal">The user.</param>
    /// <param name="client">Whose token it is.</param>
    /// <param name="end">The first instant at which it would not be accepted; <see langword="null"/> if that is not known.</param>
    public static TokenAnswer Accepted(SignaturePrincipal principal, string client, DateTimeOffset? end) => new(null, principal, client, end);

    /// <summary>Makes what a ticket tells of the token: its end, at which SignalR closes a connection if it is asked to.</summary>
    public AuthenticationProperties? ToProperties() => _end is { } end ? new AuthenticationProperties(new TicketItems(end)) : null;
}
