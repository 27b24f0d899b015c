namespace Signing.Tests.Reference;

/// <summary>RFC 9421 §2.5. The signature base as a string.</summary>
public static class ReferenceBase
{
    public static string Build(ReferenceRequest request, ReferenceSignature signature, IReadOnlyDictionary<string, SfFieldType> types)
    {
        // §2: one context for all components; a message without a valid target has none.
        ReferenceTarget.Of(request);
        var lines = signature.Components.Select(component => $"{component.Serialize()}: {ValueOf(request, component, types)}\n");
        var signatureBase = $"{string.Concat(lines)}\"@signature-params\": {SfSerializer.InnerList(signature.Covered)}";
        return signatureBase.Length <= SignatureLimits.MaxSignatureBaseBytes
            ? signatureBase
            : throw new RefusalException(SignatureStatus.TooLarge, "the signature base");
    }

    public static string ValueOf(ReferenceRequest request, ReferenceComponent component, IReadOnlyDictionary<string, SfFieldType> types) =>
        component.IsDerived
            ? ReferenceDerivedComponent.Value(request, component)
            : ReferenceFieldComponent.Value(request, component, types);
}
