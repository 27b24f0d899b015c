namespace Signing.Tests.Reference;

/// <summary>RFC 9421 §3.2 step 4 and §3.2.1. Everything a signature has to satisfy before a key is looked up, in this order.</summary>
public static class ReferencePolicy
{
    private static readonly string[] TargetParts = ["@scheme", "@authority", "@path", "@query"];

    public static void Check(ReferenceRequest request, ReferenceSignature signature, ReferenceContext context)
    {
        CheckShape(signature);
        CheckTag(signature, context.Policy);
        CheckAlgorithm(signature);
        CheckRequiredParameters(signature, context.Policy);
        CheckCoverage(request, signature, context.Policy);
        CheckTimes(signature, context);
    }

    // What has to hold under any policy.
    public static void CheckShape(ReferenceSignature signature)
    {
        CheckComponents(signature);
        CheckParameters(signature);
    }

    // §4.1: the member is an inner list of Strings. §2: each identifier occurs once.
    private static void CheckComponents(ReferenceSignature signature)
    {
        if (signature.Input is not SfInnerList list)
        {
            throw new RefusalException(SignatureStatus.MalformedSignatureInput, "not an inner list");
        }

        if (list.Items.Count > SignatureLimits.MaxComponents)
        {
            throw new RefusalException(SignatureStatus.TooLarge, "components");
        }

        // The first item that is wrong decides.
        var seen = new List<ReferenceComponent>();
        foreach (var item in list.Items)
        {
            var component = CheckIdentifier(item);
            if (seen.Any(component.IsSameAs))
            {
                throw new RefusalException(SignatureStatus.MalformedSignatureInput, "a component is listed twice");
            }

            seen.Add(component);
        }
    }

    private static ReferenceComponent CheckIdentifier(SfItem item)
    {
        if (item.Value.Kind != SfKind.String)
        {
            throw new RefusalException(SignatureStatus.MalformedSignatureInput, "a component name is a String");
        }

        var component = new ReferenceComponent((string)item.Value.Value, item.Parameters);
        if (item.DuplicateParameters.Any(key => key is "sf" or "bs" or "key" or "name" or "req" or "tr"))
        {
            throw new RefusalException(SignatureStatus.MalformedSignatureInput, "a known component parameter stands there twice");
        }

        // §2.3: "the component identifier MUST NOT be enumerated within the set of covered components".
        if (component.Name == "@signature-params")
        {
            throw new RefusalException(SignatureStatus.MalformedSignatureInput, "@signature-params is listed");
        }

        if (component.IsDerived)
        {
            ReferenceDerivedComponent.Check(component);
        }
        else
        {
            ReferenceFieldComponent.Check(component);
        }

        return component;
    }

    // §2.3.
    private static void CheckParameters(ReferenceSignature signature)
    {
        if (signature.Input.Parameters.Count > SignatureLimits.MaxParameters)
        {
            throw new RefusalException(SignatureStatus.TooLarge, "parameters");
        }

        var isMalformed = signature.Input.Parameters.Any(parameter => parameter.Key switch
        {
            "created" or "expires" => parameter.Value is not { Kind: SfKind.Integer, Value: >= 0L },
            "nonce" or "alg" or "keyid" or "tag" => parameter.Value.Kind != SfKind.String,
            _ => parameter.Value.Kind is SfKind.Date or SfKind.DisplayString,
        });
        if (isMalformed || signature.Input.HasDuplicateParameters)
        {
            throw new RefusalException(SignatureStatus.MalformedSignatureInput, "a parameter has the wrong type, or stands there twice");
        }

        if (Seconds(signature, "expires") < Seconds(signature, "created"))
        {
            throw new RefusalException(SignatureStatus.MalformedSignatureInput, "expires before it is created");
        }

        if (signature.Parameter("keyid") is { } keyId && SfSerializer.BareItem(keyId).Length - 2 > SignatureLimits.MaxKeyIdLength)
        {
            throw new RefusalException(SignatureStatus.TooLarge, "the key id as it is written");
        }
    }

    // §7.2.7: a tag says for whom a signature is meant.
    private static void CheckTag(ReferenceSignature signature, VerificationPolicy policy)
    {
        if (policy.Tag is not null && signature.Parameter("tag")?.Value as string != policy.Tag)
        {
            throw new RefusalException(SignatureStatus.MissingSignature, "another tag");
        }
    }

    // §3.2 step 6.
    private static void CheckAlgorithm(ReferenceSignature signature)
    {
        if (signature.Parameter("alg") is { } algorithm && algorithm.Value is not "hmac-sha256")
        {
            throw new RefusalException(SignatureStatus.UnsupportedAlgorithm, "another algorithm");
        }
    }

    private static void CheckRequiredParameters(ReferenceSignature signature, VerificationPolicy policy)
    {
        var names = new Dictionary<string, SignatureParameterNames>(StringComparer.Ordinal)
        {
            ["created"] = SignatureParameterNames.Created,
            ["expires"] = SignatureParameterNames.Expires,
            ["nonce"] = SignatureParameterNames.Nonce,
            ["alg"] = SignatureParameterNames.Algorithm,
            ["keyid"] = SignatureParameterNames.KeyId,
            ["tag"] = SignatureParameterNames.Tag,
        };
        if (names.Any(name => policy.RequiredParameters.HasFlag(name.Value) && signature.Parameter(name.Key) is null))
        {
            throw new RefusalException(SignatureStatus.MissingParameter, "a required parameter is absent");
        }

        if (policy.RefuseUnknownParameters && signature.Input.Parameters.Any(parameter => !names.ContainsKey(parameter.Key)))
        {
            throw new RefusalException(SignatureStatus.MalformedSignatureInput, "an unknown parameter");
        }
    }

    private static void CheckCoverage(ReferenceRequest request, ReferenceSignature signature, VerificationPolicy policy)
    {
        // Without a path of its own a target would look like "/": only the target itself tells.
        if (ReferenceTarget.IsPathless(request.Target) && !signature.Covers("@request-target"))
        {
            throw new RefusalException(SignatureStatus.InsufficientCoverage, "@request-target is not covered");
        }

        var wanted = policy.RequiredComponents.Concat(policy.CoveredIfPresent.Where(request.Has));
        if (!wanted.All(component => signature.Covers(component)
            || (TargetParts.Contains(component, StringComparer.Ordinal) && signature.Covers("@target-uri"))))
        {
            throw new RefusalException(SignatureStatus.InsufficientCoverage, "a component is not covered");
        }
    }

    private static void CheckTimes(ReferenceSignature signature, ReferenceContext context)
    {
        var policy = context.Policy;
        var now = context.Now.ToUnixTimeSeconds();
        var created = Seconds(signature, "created");
        var expires = Seconds(signature, "expires");
        if (created > now + policy.FutureSkew.TotalSeconds)
        {
            throw new RefusalException(SignatureStatus.CreatedInFuture, "created");
        }

        if (now - created > policy.MaxAge.TotalSeconds)
        {
            throw new RefusalException(SignatureStatus.TooOld, "created");
        }

        if (expires < now - policy.FutureSkew.TotalSeconds)
        {
            throw new RefusalException(SignatureStatus.ExpiredSignature, "expires");
        }

        if (expires - created > policy.MaxLifetime.TotalSeconds)
        {
            throw new RefusalException(SignatureStatus.LifetimeTooLong, "expires");
        }
    }

    // Null when absent: comparisons with null are false.
    private static long? Seconds(ReferenceSignature signature, string key) => signature.Parameter(key)?.Value as long?;
}
