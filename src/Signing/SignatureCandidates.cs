namespace Signing;

/// <summary>Holds the signatures of one message whose keys are worth a look-up, in the order received.</summary>
public readonly struct SignatureCandidates
{
    private readonly SignatureCandidate _first;
    private readonly SignatureCandidate _second;

    internal SignatureCandidates(in SignatureCandidate first)
    {
        _first = first;
        Count = 1;
    }

    internal SignatureCandidates(in SignatureCandidate first, in SignatureCandidate second)
    {
        _first = first;
        _second = second;
        Count = 2;
    }

    /// <summary>Gets how many there are: 0 to <see cref="SignatureLimits.MaxCandidates"/>.</summary>
    public int Count { get; }

    /// <summary>Gets one of them.</summary>
    /// <param name="index">From 0 to one less than <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    public SignatureCandidate this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return index == 0 ? _first : _second;
        }
    }

    internal SignatureCandidates With(in SignatureCandidate candidate) =>
        Count == 0 ? new SignatureCandidates(candidate) : new SignatureCandidates(_first, candidate);
}
