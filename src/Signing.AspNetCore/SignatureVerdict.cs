using System.Security.Claims;

namespace Signing.AspNetCore;

/// <summary>What was found about a signature under one scheme: filled in while it is judged, and never changed after that.</summary>
internal sealed class SignatureVerdict
{
    // Judging takes one; a request that is plainly accepted gives it back, and keeps what all of that holder's requests share.
    [ThreadStatic]
    private static SignatureVerdict? _spare;

    public string Scheme { get; private set; } = "";

    /// <summary>Gets what a scheme found that judged before.</summary>
    public SignatureFeature? Previous { get; private set; }

    public bool IsVerified => Status == SignatureStatus.Verified && CredentialStatus == CredentialStatus.Valid;

    public Outcome Outcome => Joined?.Answer.Refusal is { } refusal ? refusal : CredentialStatus is CredentialStatus.None or CredentialStatus.Valid
        ? Outcome.Of(Status)
        : CredentialOutcome.Of(CredentialStatus);

    public Credential? Credential { get; set; }

    public ClaimsPrincipal? Principal { get; set; }

    /// <summary>Gets or sets the answer of the message: everything but the credential.</summary>
    public SignatureStatus Status { get; set; }

    /// <summary>Gets or sets the answer of the credential, which may be asked only after the MAC.</summary>
    public CredentialStatus CredentialStatus { get; set; }

    /// <summary>Gets or sets the HTTP status with which the server itself rejected the content while it was read; 0 if it did not.</summary>
    public int TransportStatus { get; set; }

    /// <summary>Gets or sets the token that came with the signature; <see langword="null"/> if none did.</summary>
    public JoinedToken? Joined { get; set; }

    /// <summary>Gets or sets what was claimed: another scheme with the same store does not claim it again.</summary>
    public UInt128 Fingerprint { get; set; }

    public IReplayStore? ClaimedIn { get; set; }

    /// <summary>Gets whether the host's event failed that might have let in the caller: whoever asks again judges anew, and does not meet the claim as another's.</summary>
    public bool IsInterrupted { get; private set; }

    public static SignatureVerdict Begin(string scheme, SignatureFeature? previous)
    {
        SignatureVerdict verdict = _spare ?? new SignatureVerdict();
        _spare = null;
        verdict.Scheme = scheme;
        verdict.Previous = previous;
        return verdict;
    }

    public void Interrupt()
    {
        IsInterrupted = true;
        Status = SignatureStatus.NotVerified;
        Principal = null;
    }

    /// <summary>Gives the verdict that the request keeps; this one is not to be used any more.</summary>
    /// <param name="isOnly">Whether there is no other scheme that would ask what this one has claimed, or was asked before it.</param>
    public SignatureVerdict Settle(bool isOnly)
    {
        if (!isOnly || !IsVerified || Joined is not null || Principal is not SignaturePrincipal own || !own.IsOf(Credential!, Scheme))
        {
            return this;
        }

        SignatureVerdict shared = own.Accepted ??= new SignatureVerdict
        {
            Scheme = Scheme,
            Credential = Credential,
            Principal = own,
            Status = Status,
            CredentialStatus = CredentialStatus,
        };
        Reset();
        _spare = this;
        return shared;
    }

    private void Reset()
    {
        Credential = null;
        Principal = null;
        Status = default;
        CredentialStatus = default;
        Fingerprint = default;
        ClaimedIn = null;
    }
}
