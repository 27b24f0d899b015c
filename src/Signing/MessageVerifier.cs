using System.Buffers.Binary;
using System.Text;

namespace Signing;

/// <summary>RFC 9421 §3.2. Verifies the signature of a request or a response in two steps, with the look-up of the key between them.</summary>
/// <remarks>
/// <code>
/// TryRead   1 parse Signature-Input   2 select by tag   3 algorithm, parameters, coverage, times   4 parse Signature
/// (caller)  5 find the key of the candidate's key id
/// Verify    6 signature base          7 MAC
/// (caller)  8 content digest          9 replay claim, last
/// </code>
/// Thread-safe. Allocates nothing from .NET 9 on, save for a <c>sf</c> or <c>key</c> component of unusual size.
/// </remarks>
public sealed class MessageVerifier
{
    private readonly CoverageRules _coverage;
    private readonly KnownLists _known;
    private readonly TimeProvider _time;

    /// <summary>Makes a verifier of a policy.</summary>
    /// <param name="policy">What a signature must cover, carry and respect.</param>
    /// <param name="time">The clock; the system's unless given.</param>
    /// <exception cref="ArgumentException">A value of the policy is outside its range, or names no component.</exception>
    public MessageVerifier(VerificationPolicy policy, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _coverage = policy.Compile();
        _known = new KnownLists(_coverage);
        _time = time ?? TimeProvider.System;
        Policy = policy;
    }

    /// <summary>Gets the policy.</summary>
    public VerificationPolicy Policy { get; }

    internal KnownLists Known => _known;

    /// <summary>Reads the signatures of a message and keeps those that are worth a key look-up.</summary>
    /// <param name="message">The message.</param>
    /// <param name="candidates">At most <see cref="SignatureLimits.MaxCandidates"/>, in the order received; none on failure.</param>
    /// <param name="refusal">Why there is none; <see cref="SignatureStatus.NotVerified"/> on success, since nothing is verified yet.</param>
    /// <returns><see langword="true"/> if there is a candidate, otherwise <see langword="false"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="message"/> is a response, and the policy is for requests.</exception>
    public bool TryRead<T>(in T message, out SignatureCandidates candidates, out SignatureStatus refusal)
        where T : ISignableMessage
    {
        candidates = default;
        var acceptance = new Acceptance(Policy, _coverage, _time.GetUtcNow().ToUnixTimeSeconds());
        if (UsualSignature.TryRead(message, acceptance, _known, ref candidates))
        {
            refusal = SignatureStatus.NotVerified;
            return true;
        }

        return TryReadAny(message, acceptance, ref candidates, out refusal);
    }

    /// <summary>Reads the signatures of a message as of another time than the clock's, such as that of a peer whose clock is known to differ.</summary>
    /// <param name="message">The message.</param>
    /// <param name="now">The time that ages are counted to.</param>
    /// <param name="candidates">At most <see cref="SignatureLimits.MaxCandidates"/>, in the order received; none on failure.</param>
    /// <param name="refusal">Why there is none; <see cref="SignatureStatus.NotVerified"/> on success, since nothing is verified yet.</param>
    /// <returns><see langword="true"/> if there is a candidate, otherwise <see langword="false"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="message"/> is a response, and the policy is for requests.</exception>
    public bool TryRead<T>(in T message, DateTimeOffset now, out SignatureCandidates candidates, out SignatureStatus refusal)
        where T : ISignableMessage
    {
        candidates = default;
        return TryReadAny(message, new Acceptance(Policy, _coverage, now.ToUnixTimeSeconds()), ref candidates, out refusal);
    }

    /// <summary>Verifies a candidate with a key.</summary>
    /// <param name="message">The message the candidate was read from.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="key">The key of the candidate's key id.</param>
    /// <param name="fingerprint">The first 128 bits of the verified MAC, to claim against replay; 0 unless verified.</param>
    /// <returns><see cref="SignatureStatus.Verified"/>; <see cref="SignatureStatus.InvalidCredential"/> if the MAC does not match; else why there is no signature base.</returns>
    public SignatureStatus Verify<T>(in T message, in SignatureCandidate candidate, SigningKey key, out UInt128 fingerprint)
        where T : ISignableMessage
    {
        ArgumentNullException.ThrowIfNull(key);
        return Verify(message, candidate, new ReadOnlySpan<SigningKey>(in key), out _, out fingerprint);
    }

    /// <summary>Verifies a candidate with each of several keys of one key id; the signature base is built once.</summary>
    /// <param name="message">The message the candidate was read from.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="keys">The keys, the likeliest first; none to learn without a MAC whether there is a signature base, <see cref="SignatureStatus.InvalidCredential"/> if there is.</param>
    /// <param name="matched">The index of the key that matched; -1 unless verified.</param>
    /// <param name="fingerprint">The first 128 bits of the verified MAC, to claim against replay; 0 unless verified.</param>
    /// <returns><see cref="SignatureStatus.Verified"/>; <see cref="SignatureStatus.InvalidCredential"/> if no MAC matches; else why there is no signature base.</returns>
    public SignatureStatus Verify<T>(in T message, in SignatureCandidate candidate, ReadOnlySpan<SigningKey> keys, out int matched, out UInt128 fingerprint)
        where T : ISignableMessage
    {
        matched = -1;
        fingerprint = default;

        // 6
        var signatureBase = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        var text = candidate.GetText(message);
        var known = _known.Match(text, candidate.Known);
        var status = known is null ? SignatureBase.Write(message, text, candidate.IsCanonical, Policy.FieldTypes, ref signatureBase)
            : keys.IsEmpty ? SignatureBaseCheck.Check(message, known, text)
            : SignatureBase.Write(message, known, text, ref signatureBase);
        if (status == SignatureStatus.Verified)
        {
            // 7
            status = SignatureStatus.InvalidCredential;
            for (var i = 0; i < keys.Length && status != SignatureStatus.Verified; i++)
            {
                if (HmacSha256.Verify(keys[i], signatureBase.Written, candidate.Mac))
                {
                    matched = i;
                    fingerprint = BinaryPrimitives.ReadUInt128BigEndian(candidate.Mac);
                    status = SignatureStatus.Verified;
                }
            }
        }

        if (!T.IsResponse && status == SignatureStatus.Verified && known is null && candidate.IsCanonical)
        {
            _known.Remember(text);
        }

        signatureBase.Dispose();
        return status;
    }

    /// <summary>Gives the signature base of a candidate as this side sees it, so that a signer can find the line that differs.</summary>
    /// <param name="message">The message the candidate was read from.</param>
    /// <param name="candidate">The candidate.</param>
    /// <returns>The text; <see langword="null"/> if a component has no value.</returns>
    /// <remarks>It may hold a covered token: show it to nobody but the sender, and do not log it.</remarks>
    public string? GetSignatureBase<T>(in T message, in SignatureCandidate candidate)
        where T : ISignableMessage
    {
        var signatureBase = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        var status = SignatureBase.Write(message, candidate.GetText(message), candidate.IsCanonical, Policy.FieldTypes, ref signatureBase);
        var text = status == SignatureStatus.Verified ? Encoding.ASCII.GetString(signatureBase.Written) : null;
        signatureBase.Dispose();
        return text;
    }

    /// <summary>Finds what <see cref="SignatureStatus.MissingComponent"/> is about.</summary>
    /// <param name="message">The message the candidate was read from.</param>
    /// <param name="candidate">The candidate.</param>
    /// <returns>The first covered component that has no value, as received, such as <c>"content-digest"</c> in its quotes; <see langword="null"/> if each has one, or nothing of the message's target is known.</returns>
    public string? FindMissingComponent<T>(in T message, in SignatureCandidate candidate)
        where T : ISignableMessage => SignatureBase.FindMissing(message, candidate.GetText(message), Policy.FieldTypes);

    // What every form of the two fields goes through; only the usual one has a short cut.
    private static bool TryReadAny<T>(in T message, in Acceptance acceptance, ref SignatureCandidates candidates, out SignatureStatus refusal)
        where T : ISignableMessage
    {
        if (T.IsResponse && acceptance.Coverage.Target != MessageKind.Response)
        {
            throw ResponseRules.WrongPolicy(nameof(message));
        }

        refusal = ReadFields(message, acceptance, uint.MaxValue, ref candidates, out var accepted, out var macs);
        if (accepted > SignatureLimits.MaxCandidates && candidates.Count < SignatureLimits.MaxCandidates)
        {
            // RFC 9421 §7.2.6: a foreign signature whose value is no MAC of ours had taken the place of another. Now it is known.
            candidates = default;
            refusal = ReadFields(message, acceptance, macs, ref candidates, out _, out _);
        }

        if (refusal != SignatureStatus.Verified)
        {
            candidates = default;
            return false;
        }

        refusal = SignatureStatus.NotVerified;
        return true;
    }

    private static SignatureStatus ReadFields<T>(
        in T message, in Acceptance acceptance, uint eligible, ref SignatureCandidates candidates, out int accepted, out uint macs)
        where T : ISignableMessage
    {
        var labels = new LabelSet(stackalloc LabelSet.Entry[SignatureLimits.MaxLabels]);
        macs = 0;

        // 1-3
        var status = SignatureInput.Read(message, acceptance, ref labels, eligible, ref candidates, out accepted);
        if (status == SignatureStatus.MissingSignature && labels.Count == 0 && FieldLines.Count(message, SignatureField.FieldName) > 0)
        {
            // RFC 9421 §4: a Signature without a Signature-Input is half of a pair.
            return SignatureStatus.MalformedSignatureInput;
        }

        // 4
        return status == SignatureStatus.Verified ? SignatureField.Read(message, ref labels, ref candidates, out macs) : status;
    }
}
