namespace Signing;

/// <summary>RFC 9421 §3.2.1. Decides, without a key, whether a signature is what the policy asks for at this moment.</summary>
internal readonly struct Acceptance(VerificationPolicy policy, CoverageRules coverage, long now)
{
    private const string Algorithm = "hmac-sha256";

    public CoverageRules Coverage => coverage;

    /// <summary>Checks one signature whose text is well-formed.</summary>
    public SignatureStatus Check<T>(in T message, in SignatureParameters parameters, DerivedComponents derived, uint fields, ReadOnlySpan<char> list)
        where T : ISignableMessage
    {
        // A presigned URL is no signature of a message: moved into the fields, it would be one that no replay store has seen.
        if ((parameters.Present & SignatureParameterNames.Tag) != 0 && IsString(parameters.Tag, UrlSignatureBase.Tag))
        {
            return SignatureStatus.MissingSignature;
        }

        // RFC 9421 §7.2.7: a tag selects the signatures that are meant for this policy; the others are somebody else's.
        if (policy.Tag is not null && !((parameters.Present & SignatureParameterNames.Tag) != 0 && IsString(parameters.Tag, policy.Tag)))
        {
            return SignatureStatus.MissingSignature;
        }

        // RFC 9421 §3.2 step 6.5: a parameter that names another algorithm than the key's fails. The keys here have but one.
        if ((parameters.Present & SignatureParameterNames.Algorithm) != 0 && !parameters.Algorithm.SequenceEqual(Algorithm))
        {
            return SignatureStatus.UnsupportedAlgorithm;
        }

        if ((policy.RequiredParameters & ~parameters.Present) != 0 || (policy.RefuseUnknownParameters && parameters.HasUnknown))
        {
            return (policy.RequiredParameters & ~parameters.Present) != 0 ? SignatureStatus.MissingParameter : SignatureStatus.MalformedSignatureInput;
        }

        return Coverage.AreMet(message, derived, fields, list) ? CheckTimes(parameters) : SignatureStatus.InsufficientCoverage;
    }

    private SignatureStatus CheckTimes(in SignatureParameters parameters)
    {
        var skew = (long)policy.FutureSkew.TotalSeconds;
        if (parameters.Created > now + skew)
        {
            return SignatureStatus.CreatedInFuture;
        }

        if (now - parameters.Created > (long)policy.MaxAge.TotalSeconds)
        {
            return SignatureStatus.TooOld;
        }

        if ((parameters.Present & SignatureParameterNames.Expires) == 0)
        {
            return SignatureStatus.Verified;
        }

        if (parameters.Expires < now - skew)
        {
            return SignatureStatus.ExpiredSignature;
        }

        return parameters.Expires - parameters.Created > (long)policy.MaxLifetime.TotalSeconds ? SignatureStatus.LifetimeTooLong : SignatureStatus.Verified;
    }

    private static bool IsString(ReadOnlySpan<char> content, string value)
    {
        if (!content.Contains('\\'))
        {
            return content.SequenceEqual(value);
        }

        Span<char> plain = stackalloc char[SignatureLimits.MaxTagLength];
        return QuotedString.TryUnescape(content, plain, out var written) && plain[..written].SequenceEqual(value);
    }
}
