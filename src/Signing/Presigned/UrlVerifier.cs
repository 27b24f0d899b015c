using System.Text;

namespace Signing;

/// <summary>RFC 9421 §3.2. Verifies presigned URLs in two steps, with the look-up of the key between them.</summary>
/// <remarks>
/// A URL is no message that was sent once: it works for whoever has it, as often as they like, until it expires. There is
/// nothing in it to claim against replay. Accept it only where that is meant. Thread-safe; allocates nothing.
/// </remarks>
public sealed class UrlVerifier
{
    private readonly VerificationPolicy _policy;
    private readonly CoverageRules _coverage;
    private readonly TimeProvider _time;

    /// <summary>Makes a verifier of a policy.</summary>
    /// <param name="policy">
    /// Of it count <see cref="VerificationPolicy.FutureSkew"/> and coverage: a URL covers <c>@method</c>, <c>@authority</c>,
    /// <c>@path</c> and <c>@query</c>, so a policy that requires more refuses it, and so does a request with a field that has to
    /// be covered if present.
    /// </param>
    /// <param name="time">The clock; the system's unless given.</param>
    /// <exception cref="ArgumentException">A value of the policy is outside its range, or names no component, or the policy is for responses.</exception>
    public UrlVerifier(VerificationPolicy policy, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Target != MessageKind.Request)
        {
            throw new ArgumentException("A URL is the address of a request; the policy is for responses.", nameof(policy));
        }

        _policy = policy;
        _coverage = policy.Compile();
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Says whether a request comes by a presigned URL, be it a broken one.</summary>
    /// <param name="message">The message.</param>
    /// <returns><see langword="true"/> if it is a GET or HEAD, or opens a WebSocket, and its query has a parameter <c>signature</c>, in whatever encoding; otherwise <see langword="false"/>.</returns>
    public static bool IsPresigned<T>(in T message)
        where T : ISignableMessage =>
        CountParameters(message) > 0;

    /// <summary>Reads the signature of a presigned URL.</summary>
    /// <param name="message">The message.</param>
    /// <param name="signature">The signature; empty on failure.</param>
    /// <param name="refusal">
    /// <see cref="SignatureStatus.NotVerified"/> on success, since nothing is verified yet; else why it is refused:
    /// <see cref="SignatureStatus.MissingSignature"/> if the message does not come by a presigned URL.
    /// </param>
    /// <returns><see langword="true"/> if the signature is worth a key look-up, otherwise <see langword="false"/>.</returns>
    public bool TryRead<T>(in T message, out UrlSignature signature, out SignatureStatus refusal)
        where T : ISignableMessage
    {
        signature = default;
        refusal = Read(message, ref signature);
        if (refusal != SignatureStatus.Verified)
        {
            signature = default;
            return false;
        }

        refusal = SignatureStatus.NotVerified;
        return true;
    }

    /// <summary>Verifies the signature with each of several keys of one key id; the signature base is built once.</summary>
    /// <param name="message">The message the signature was read from.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="keys">The keys, the likeliest first; none to learn without a MAC whether there is a signature base, <see cref="SignatureStatus.InvalidCredential"/> if there is.</param>
    /// <param name="matched">The index of the key that matched; -1 unless verified.</param>
    /// <returns><see cref="SignatureStatus.Verified"/>; <see cref="SignatureStatus.InvalidCredential"/> if no MAC matches; else why there is no signature base.</returns>
    /// <remarks>The content of the request is not covered: refuse a request that has any.</remarks>
    public SignatureStatus Verify<T>(in T message, in UrlSignature signature, ReadOnlySpan<SigningKey> keys, out int matched)
        where T : ISignableMessage
    {
        matched = -1;
        var signatureBase = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        var status = signature.WriteBase(message, ref signatureBase);
        if (status == SignatureStatus.Verified)
        {
            status = SignatureStatus.InvalidCredential;
            for (var i = 0; i < keys.Length && status != SignatureStatus.Verified; i++)
            {
                if (HmacSha256.Verify(keys[i], signatureBase.Written, signature.Mac))
                {
                    matched = i;
                    status = SignatureStatus.Verified;
                }
            }
        }

        signatureBase.Dispose();
        return status;
    }

    /// <summary>Gives the signature base of a URL as this side sees it, so that a signer can find the line that differs.</summary>
    /// <param name="message">The message the signature was read from.</param>
    /// <param name="signature">The signature.</param>
    /// <returns>The text; <see langword="null"/> if a component has no value.</returns>
    public string? GetSignatureBase<T>(in T message, in UrlSignature signature)
        where T : ISignableMessage
    {
        var signatureBase = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        var text = signature.WriteBase(message, ref signatureBase) == SignatureStatus.Verified ? Encoding.ASCII.GetString(signatureBase.Written) : null;
        signatureBase.Dispose();
        return text;
    }

    /// <summary>Reads the parameter, whatever a policy or a clock may think of it.</summary>
    /// <returns><see cref="SignatureStatus.Verified"/>; else what is wrong with it.</returns>
    internal static SignatureStatus Parse<T>(in T message, ref UrlSignature signature)
        where T : ISignableMessage
    {
        var count = CountParameters(message);
        if (count == 0)
        {
            return SignatureStatus.MissingSignature;
        }

        var target = message.RequestTarget;
        if (target.Length > SignatureLimits.MaxSignatureBaseBytes)
        {
            return SignatureStatus.TooLarge;
        }

        // The query begins at the first question mark, and the parameter is the last there is.
        var query = target.IndexOf('?');
        var end = Math.Max(query, target.LastIndexOf('&'));
        var name = target[(end + 1)..];

        // An ampersand behind nothing would make a second URL of one signature.
        var isRead = count == 1 && end != query + 1 && name.StartsWith(UrlSignatureText.Name) && name[UrlSignatureText.Name.Length..].StartsWith("=")
            && signature.TrySet(target, end, end + UrlSignatureText.Name.Length + 2);
        return isRead ? SignatureStatus.Verified : SignatureStatus.MalformedSignature;
    }

    private static int CountParameters<T>(in T message)
        where T : ISignableMessage =>
        !T.IsResponse && IsMethod(message.Method, message.RequestTarget) && RequestTarget.TryParse(message, out var target) ? UrlSignatureText.Count(target.Query) : 0;

    // RFC 8441 §4: the GET that opens a WebSocket is over HTTP/2 a CONNECT with a path; any other CONNECT has an authority in its place.
    private static bool IsMethod(ReadOnlySpan<char> method, ReadOnlySpan<char> target) =>
        method is "GET" or "HEAD" || (method is "CONNECT" && target.StartsWith("/"));

    private SignatureStatus Read<T>(in T message, ref UrlSignature signature)
        where T : ISignableMessage
    {
        var status = Parse(message, ref signature);
        if (status != SignatureStatus.Verified)
        {
            return status;
        }

        return _coverage.AreMet(message, UrlSignatureBase.Covered, fields: 0, UrlSignatureBase.Components)
            ? signature.CheckTimes(_time.GetUtcNow().ToUnixTimeSeconds(), _policy.FutureSkew)
            : SignatureStatus.InsufficientCoverage;
    }
}
