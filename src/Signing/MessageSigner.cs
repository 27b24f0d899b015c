using System.Buffers;

namespace Signing;

/// <summary>RFC 9421 §3.1. Signs a request or a response into one member of <c>Signature-Input</c> and one of <c>Signature</c>.</summary>
/// <remarks>Thread-safe. Allocates nothing once it is warm.</remarks>
public sealed class MessageSigner
{
    private const int StackCharacters = 512;

    // =: and : around 44 digits of base64.
    private const int SignatureValueLength = 47;

    private readonly SigningPlan _plan;
    private readonly TimeProvider _time;

    /// <summary>Makes a signer of a policy.</summary>
    /// <param name="policy">What is covered, and which parameters are set.</param>
    /// <param name="time">The clock; the system's unless given.</param>
    /// <exception cref="ArgumentException">A value of the policy is outside its range, or names no component.</exception>
    public MessageSigner(SigningPolicy policy, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _plan = new SigningPlan(policy);
        _time = time ?? TimeProvider.System;
        Policy = policy;
    }

    /// <summary>Gets the policy.</summary>
    public SigningPolicy Policy { get; }

    /// <summary>Signs a message; the two members go on as lines of their own after those that are there already.</summary>
    /// <param name="message">The message, as it will be sent.</param>
    /// <param name="key">The key.</param>
    /// <param name="signatureInput">Takes <c>sig=(…);created=…</c>; 1,024 characters are enough for the default policy and any key id.</param>
    /// <param name="signature">Takes <c>sig=:…:</c>; 96 characters are always enough.</param>
    /// <param name="inputWritten">The characters written to <paramref name="signatureInput"/>; 0 on failure.</param>
    /// <param name="signatureWritten">The characters written to <paramref name="signature"/>; 0 on failure.</param>
    /// <param name="refusal">
    /// <see cref="SignatureStatus.NotVerified"/> on success; else <see cref="SignatureStatus.MissingComponent"/> or
    /// <see cref="SignatureStatus.UnsupportedComponent"/> for a component that this message has not,
    /// <see cref="SignatureStatus.MalformedSignatureInput"/> if signatures that cannot be read are to be covered, or
    /// <see cref="SignatureStatus.TooLarge"/> if the base or a destination is not large enough, or more is to be covered than a signature may.
    /// </param>
    /// <param name="created">When the signature is made, from 1970 on; now unless given.</param>
    /// <returns><see langword="true"/>; <see langword="false"/>, nothing written, if the message cannot be signed.</returns>
    /// <exception cref="ArgumentException"><paramref name="message"/> is a response, and the policy is for requests.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="created"/> is before 1970.</exception>
    /// <exception cref="ObjectDisposedException">The key is disposed.</exception>
    public bool TrySign<T>(in T message, SigningKey key, Span<char> signatureInput, Span<char> signature, out int inputWritten, out int signatureWritten, out SignatureStatus refusal, DateTimeOffset? created = null)
        where T : ISignableMessage
    {
        ArgumentNullException.ThrowIfNull(key);
        var seconds = (created ?? _time.GetUtcNow()).ToUnixTimeSeconds();
        ArgumentOutOfRangeException.ThrowIfNegative(seconds, nameof(created));
        if (T.IsResponse && Policy.Target != MessageKind.Response)
        {
            throw ResponseRules.WrongPolicy(nameof(message));
        }

        inputWritten = 0;
        signatureWritten = 0;

        refusal = _plan.Measure(message, out var others);
        if (refusal != SignatureStatus.Verified)
        {
            return false;
        }

        char[]? rented = null;
        var needed = _plan.MaxLength + key.KeyIdParameter.Length + others;
        var text = needed <= StackCharacters ? stackalloc char[StackCharacters] : rented = ArrayPool<char>.Shared.Rent(needed);
        text = text[.._plan.Write(message, key.KeyIdParameter, seconds, text, out var known)];
        refusal = TrySign(message, key, text, known, signatureInput, signature, out var labelLength);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        if (refusal != SignatureStatus.NotVerified)
        {
            return false;
        }

        inputWritten = labelLength + 1 + text.Length;
        signatureWritten = labelLength + SignatureValueLength;
        return true;
    }

    private SignatureStatus TrySign<T>(in T message, SigningKey key, ReadOnlySpan<char> text, ComponentList? known, Span<char> signatureInput, Span<char> signature, out int labelLength)
        where T : ISignableMessage
    {
        Span<char> label = stackalloc char[FreshLabel.MaxLength];
        if (!FreshLabel.TryWrite(message, Policy.Label, label, out labelLength)
            || signatureInput.Length < labelLength + 1 + text.Length || signature.Length < labelLength + SignatureValueLength)
        {
            return SignatureStatus.TooLarge;
        }

        Span<byte> mac = stackalloc byte[HmacSha256.MacSize];
        var signatureBase = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        var status = known is not null
            ? SignatureBase.Write(message, known, text, ref signatureBase)
            : SignatureBase.Write(message, text, isCanonical: true, Policy.FieldTypes, ref signatureBase);
        if (status == SignatureStatus.Verified)
        {
            HmacSha256.Compute(key, signatureBase.Written, mac);
        }

        signatureBase.Dispose();
        if (status != SignatureStatus.Verified)
        {
            return status;
        }

        label = label[..labelLength];
        label.CopyTo(signatureInput);
        signatureInput[labelLength] = '=';
        text.CopyTo(signatureInput[(labelLength + 1)..]);
        label.CopyTo(signature);
        "=:".CopyTo(signature[labelLength..]);
        Convert.TryToBase64Chars(mac, signature[(labelLength + 2)..], out var written);
        signature[labelLength + 2 + written] = ':';
        return SignatureStatus.NotVerified;
    }
}
