using System.Diagnostics.CodeAnalysis;

namespace Signing;

/// <summary>Holds the signatures of one message whose keys are worth a look-up, in the order received.</summary>
public struct SignatureCandidates
{
    private SignatureCandidate _first;
    private SignatureCandidate _second;

    /// <summary>Gets how many there are: 0 to <see cref="SignatureLimits.MaxCandidates"/>.</summary>
    public int Count { readonly get; private set; }

    /// <summary>Gets one of them.</summary>
    /// <param name="index">From 0 to one less than <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    /// <returns>A reference, because a candidate is large: pass it on with <see langword="in"/>, or copy it if it must outlive this.</returns>
    [UnscopedRef]
    public readonly ref readonly SignatureCandidate this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return ref index == 0 ? ref _first : ref _second;
        }
    }

    // Room for one more; the caller has seen that there is some.
    [UnscopedRef]
    internal ref SignatureCandidate Add() => ref Count++ == 0 ? ref _first : ref _second;

    // The candidate of a label of Signature-Input; -1 if none has it.
    internal readonly int IndexOf(int label) => Count > 0 && _first.Label == label ? 0 : Count > 1 && _second.Label == label ? 1 : -1;

    [UnscopedRef]
    internal Span<byte> MacOf(int index) => index == 0 ? _first.ReceivedMac : _second.ReceivedMac;

    // Leaves out those whose value cannot be a MAC of ours.
    internal void Keep(bool first, bool second)
    {
        if (!first && second)
        {
            _first = _second;
        }

        Count = (first ? 1 : 0) + (second ? 1 : 0);
    }
}
