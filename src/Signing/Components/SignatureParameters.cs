namespace Signing;

/// <summary>RFC 9421 §2.3. Holds the parameters of one signature, as windows on the text they were read from.</summary>
internal ref struct SignatureParameters
{
    /// <summary>Seconds since 1970; 0 if absent, see <see cref="Present"/>.</summary>
    public long Created;

    /// <summary>Seconds since 1970; 0 if absent, see <see cref="Present"/>.</summary>
    public long Expires;

    /// <summary>Escapes still in place.</summary>
    public ReadOnlySpan<char> KeyId;

    /// <summary>Escapes still in place.</summary>
    public ReadOnlySpan<char> Algorithm;

    /// <summary>Escapes still in place.</summary>
    public ReadOnlySpan<char> Tag;

    public SignatureParameterNames Present;

    public bool HasUnknown;

    /// <summary>Reads the parameters that follow the covered components in the reader.</summary>
    public static SignatureStatus Read(ref StructuredFieldReader reader, ReadOnlySpan<char> text, out SignatureParameters parameters)
    {
        parameters = default;
        var status = SignatureStatus.Verified;
        var count = 0;
        var unknown = new KeySet(text, stackalloc int[SignatureLimits.MaxParameters]);
        while (reader.TryReadParameter(out var key, out var value))
        {
            if (++count > SignatureLimits.MaxParameters)
            {
                return SignatureStatus.TooLarge;
            }

            var name = NameOf(key);
            var isDuplicate = name == SignatureParameterNames.None ? !unknown.TryAdd(key) : (parameters.Present & name) != 0;
            if (isDuplicate || !parameters.TrySet(name, value))
            {
                status = SignatureStatus.MalformedSignatureInput;
            }
        }

        // RFC 9421 §2.3: a signature cannot end before it began.
        const SignatureParameterNames Both = SignatureParameterNames.Created | SignatureParameterNames.Expires;
        if (reader.Failed || ((parameters.Present & Both) == Both && parameters.Expires < parameters.Created))
        {
            return SignatureStatus.MalformedSignatureInput;
        }

        return status == SignatureStatus.Verified && parameters.KeyId.Length > SignatureLimits.MaxKeyIdLength ? SignatureStatus.TooLarge : status;
    }

    // RFC 9421 §2.3: created and expires are Integers, the other known ones Strings. Date and Display String came with RFC 9651,
    // after RFC 9421: peers may not read them, so they are refused.
    private bool TrySet(SignatureParameterNames name, in BareItem value)
    {
        Present |= name;
        switch (name)
        {
            case SignatureParameterNames.Created:
                Created = value.Number;
                return value.Type == BareItemType.Integer && Created >= 0;
            case SignatureParameterNames.Expires:
                Expires = value.Number;
                return value.Type == BareItemType.Integer && Expires >= 0;
            case SignatureParameterNames.KeyId:
                KeyId = value.Content;
                return value.Type == BareItemType.String;
            case SignatureParameterNames.Algorithm:
                Algorithm = value.Content;
                return value.Type == BareItemType.String;
            case SignatureParameterNames.Tag:
                Tag = value.Content;
                return value.Type == BareItemType.String;
            case SignatureParameterNames.Nonce:
                return value.Type == BareItemType.String;
            default:
                HasUnknown = true;
                return value.Type is not (BareItemType.Date or BareItemType.DisplayString);
        }
    }

    private static SignatureParameterNames NameOf(ReadOnlySpan<char> key) => key switch
    {
        "created" => SignatureParameterNames.Created,
        "expires" => SignatureParameterNames.Expires,
        "nonce" => SignatureParameterNames.Nonce,
        "alg" => SignatureParameterNames.Algorithm,
        "keyid" => SignatureParameterNames.KeyId,
        "tag" => SignatureParameterNames.Tag,
        _ => SignatureParameterNames.None,
    };
}
