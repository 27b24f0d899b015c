using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>The signature of one of several parties, proved as far as one can without using it up.</summary>
internal sealed class PartyProof
{
    private readonly SignatureVerdict _verdict;
    private ProvedSignature _proved;

    public PartyProof(RequestVerifier verifier, SignatureVerdict verdict, bool isFirst)
    {
        _verdict = verdict;
        Verifier = verifier;
        IsFirst = isFirst;
        Feature = new SignatureFeature(verdict);
    }

    public RequestVerifier Verifier { get; }

    public SignatureFeature Feature { get; }

    /// <summary>Gets whether it is the caller's: a token stands beside it, and the response is bound to it.</summary>
    public bool IsFirst { get; }

    /// <summary>Gets the Secret that matched; <see langword="null"/> unless there is only the claim left to do.</summary>
    public SigningKey? Key { get; private set; }

    public void Keep(in ProvedSignature proved)
    {
        _proved = proved;
        Key = _verdict.Credential!.Secrets[proved.Matched];
    }

    /// <summary>Says whether a key of another party could have made this signature: its Key is the same, or its Secret.</summary>
    public bool IsBySameKeyAs(PartyProof other) => Key!.KeyId == other.Key!.KeyId || Verifier.IsMadeBy(_proved, other.Key);

    public bool Covers(PartyProof other) => _proved.Candidate.CoversSignature(_proved.Message, other._proved.Candidate);

    /// <summary>Refuses the party, and with it the request.</summary>
    public void Refuse(SignatureStatus status) => _verdict.Status = status;

    /// <summary>Lets in nobody, because an event of the host's has failed.</summary>
    public void Interrupt() => _verdict.Interrupt();

    /// <summary>Uses the signature up.</summary>
    public ValueTask ClaimAsync(HttpContext context) => Verifier.Holder.ClaimAsync(context, _verdict, _proved, IsFirst);

    public ValueTask AdmitAsync(HttpContext context) => Verifier.AdmitAsync(context, _verdict, _verdict.Credential!);
}
