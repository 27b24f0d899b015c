namespace Signing.Client;

/// <summary>RFC 9421 §3.1. Signs a request as it stands and puts the two fields on it.</summary>
internal static class RequestSigner
{
    // Room for the default coverage, a key id and a tag; the buffer of a thread grows once if that is not enough.
    private const int FirstInputLength = 1024;
    private const int MaxSignatureLength = 96;

    [ThreadStatic]
    private static char[]? _inputOfThisThread;

    /// <summary>Replaces our signature on the request with a new one.</summary>
    /// <param name="request">The request, with its digest.</param>
    /// <param name="profile">What to cover.</param>
    /// <param name="key">The key.</param>
    /// <param name="created">When, by the clock of the origin.</param>
    /// <param name="label">The label it has now: that of the policy, with a number behind it where a covered signature has that one.</param>
    /// <param name="fingerprint">That of the fields that were read, for <see cref="FieldsChanged"/>.</param>
    /// <param name="refusal">Why the request cannot be signed.</param>
    /// <returns><see langword="true"/>; <see langword="false"/> if a component has no valid value or the signature would be too large.</returns>
    public static bool TrySign(HttpRequestMessage request, SigningProfile profile, SigningKey key, DateTimeOffset created, out string label, out int fingerprint, out SignatureStatus refusal)
    {
        OwnSignature.Remove(request, profile, key.KeyId);
        RequestParts parts = RequestParts.Read(request, profile.Fields);
        bool signed = TrySign(request, new HttpRequestMessageView(parts), profile, key, created, out label, out refusal);
        fingerprint = parts.ComputeFingerprint();
        parts.Clear();
        return signed;
    }

    /// <summary>Says which component stands in the way. The core says what is wrong, not where: signing each component alone finds it.</summary>
    public static MessageSigningException Refused(HttpRequestMessage request, SigningProfile profile, SigningKey key, SignatureStatus refusal)
    {
        if (refusal == SignatureStatus.MalformedSignatureInput)
        {
            return new MessageSigningException(refusal, "The request was not signed: the policy covers the signatures that it has already, and its Signature-Input header is no Dictionary.", "signature");
        }

        RequestParts parts = RequestParts.Read(request, profile.Fields);
        if (parts.Target.Contains('#', StringComparison.Ordinal) || parts.Target.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            // RFC 9112 §3.2: without a target there is no component, not even @method.
            return new MessageSigningException(refusal, "The request was not signed: its URI has a character that no request target has, such as a space or that of a fragment, and is sent as it is. Escape it, or create the Uri without DangerousDisablePathAndQueryCanonicalization.", "@path");
        }

        SigningPolicy policy = profile.Signer.Policy;
        var view = new HttpRequestMessageView(parts);
        foreach (string component in policy.Components.Concat(policy.CoverIfPresent.Where(name => request.Headers.NonValidated.Contains(name) || request.Content?.Headers.NonValidated.Contains(name) == true)))
        {
            var alone = new MessageSigner(new SigningPolicy { Components = [component], CoverIfPresent = [], FieldTypes = policy.FieldTypes });
            if (!alone.TrySign(in view, key, new char[SignatureLimits.MaxSignatureInputLength], new char[MaxSignatureLength], out _, out _, out SignatureStatus status))
            {
                return new MessageSigningException(status, $"The request was not signed: the policy covers {component}, which {Reason(status, component)}", component);
            }
        }

        if (refusal == SignatureStatus.MissingComponent && policy.CoverSignatures)
        {
            return new MessageSigningException(refusal, "The request was not signed: the policy covers the signatures that it has already, and its Signature header lacks one of those that Signature-Input names.", "signature");
        }

        return new MessageSigningException(refusal, $"The request was not signed: together its covered components are more than the {SignatureLimits.MaxSignatureBaseBytes} bytes that can be signed, or it carries too many signatures.");
    }

    /// <summary>Says whether somebody rewrote a covered field after it was signed, as parsing it does.</summary>
    public static bool FieldsChanged(HttpRequestMessage request, SigningProfile profile, int fingerprint)
    {
        RequestParts parts = RequestParts.Read(request, profile.Fields);
        int now = parts.ComputeFingerprint();
        parts.Clear();
        return now != fingerprint;
    }

    private static bool TrySign(HttpRequestMessage request, in HttpRequestMessageView view, SigningProfile profile, SigningKey key, DateTimeOffset created, out string label, out SignatureStatus refusal)
    {
        label = profile.Signer.Policy.Label;
        Span<char> signature = stackalloc char[MaxSignatureLength];
        char[] input = _inputOfThisThread ??= new char[FirstInputLength];
        int inputLength;
        int signatureLength;
        while (!profile.Signer.TrySign(in view, key, input, signature, out inputLength, out signatureLength, out refusal, created))
        {
            if (refusal != SignatureStatus.TooLarge || input.Length >= SignatureLimits.MaxSignatureInputLength)
            {
                return false;
            }

            input = _inputOfThisThread = new char[SignatureLimits.MaxSignatureInputLength];
        }

        ReadOnlySpan<char> written = input.AsSpan(0, inputLength);
        written = written[..written.IndexOf('=')];
        label = written.SequenceEqual(label) ? label : written.ToString();
        request.Headers.TryAddWithoutValidation(FieldNames.SignatureInput, new string(input, 0, inputLength));
        request.Headers.TryAddWithoutValidation(FieldNames.Signature, new string(signature[..signatureLength]));
        OwnSignature.Note(request, profile, label);
        return true;
    }

    private static string Reason(SignatureStatus status, string component) => status switch
    {
        SignatureStatus.MissingComponent when component is "@authority" or "@target-uri" =>
            "has no valid value: the Host header is no name with or without a port. One in other letters than ASCII is written as xn--, as IdnMapping does.",
        SignatureStatus.MissingComponent => "has no valid value in it. A header that not every request has belongs in CoverIfPresent. Headers that the connection adds later (Host, Cookie, Accept-Encoding, Transfer-Encoding) are not known yet when a request is signed.",
        SignatureStatus.UnsupportedComponent => "cannot be signed in a request.",
        _ => "is too large.",
    };
}
