using System.Text;

namespace Signing;

/// <summary>RFC 9421 §3.2. Reads the signature of a captured request out of its URL, where it was presigned, whatever a policy may think of it.</summary>
internal sealed class CapturedUrl
{
    private CapturedUrl(CapturedSignature signature, string signatureBase)
    {
        Signature = signature;
        Base = signatureBase;
    }

    /// <summary>Gets the signature as one in header fields would show it.</summary>
    public CapturedSignature Signature { get; }

    /// <summary>Gets the signature base as seen: that of a GET without the parameter.</summary>
    public string Base { get; }

    /// <summary>Says whether the signature of a request is in its URL: there, and in no header field.</summary>
    public static bool IsSigned<T>(in T message)
        where T : ISignableMessage =>
        CapturedSignature.LinesOf(message, SignatureInput.FieldName).Length == 0 && UrlVerifier.IsPresigned(message);

    /// <summary>Reads the signature.</summary>
    /// <returns>The signature; <see langword="null"/> if there is none, it is damaged, or the request has no base.</returns>
    public static CapturedUrl? Read<T>(in T message)
        where T : ISignableMessage
    {
        var url = default(UrlSignature);
        if (UrlVerifier.Parse(message, ref url) != SignatureStatus.Verified)
        {
            return null;
        }

        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        var status = url.WriteBase(message, ref buffer);
        var text = status == SignatureStatus.Verified ? Encoding.ASCII.GetString(buffer.Written) : null;
        buffer.Dispose();
        return text is null ? null : new CapturedUrl(CapturedSignature.OfBase(text, url.Mac), text);
    }

    /// <summary>Takes the parameter off an address, so that what is left can be compared with what was signed.</summary>
    public static string WithoutSignature(string address)
    {
        var at = address.LastIndexOf($"{UrlSignatureText.Name}=", StringComparison.Ordinal) - 1;
        return at > 0 && address[at] is '?' or '&' ? address[..at] : address;
    }

    /// <summary>Verifies a presigned URL: coverage, times, signature, and that there is no content, which no URL covers.</summary>
    public static SignatureStatus Verify<T>(in T message, byte[] content, SigningKey key, VerificationPolicy policy, TimeProvider clock)
        where T : ISignableMessage
    {
        var verifier = new UrlVerifier(policy, clock);
        if (!verifier.TryRead(message, out var url, out var refusal))
        {
            return refusal;
        }

        if (!url.GetKeyId(message, stackalloc char[SignatureLimits.MaxKeyIdLength]).SequenceEqual(key.KeyId))
        {
            return SignatureStatus.InvalidCredential;
        }

        var status = verifier.Verify(message, url, new ReadOnlySpan<SigningKey>(in key), out _);
        return status == SignatureStatus.Verified && content.Length > 0 ? SignatureStatus.MissingDigest : status;
    }
}
