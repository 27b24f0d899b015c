namespace Signing.Tests.Reference;

/// <summary>Which request fields are structured fields, and of which type: the registered ones whose own specification says so.</summary>
public static class RegisteredFields
{
    public static IReadOnlyDictionary<string, SfFieldType> Types { get; } = new Dictionary<string, SfFieldType>(StringComparer.Ordinal)
    {
        ["accept-signature"] = SfFieldType.Dictionary, // RFC 9421
        ["cache-status"] = SfFieldType.List, // RFC 9211
        ["cdn-cache-control"] = SfFieldType.Dictionary, // RFC 9213
        ["client-cert"] = SfFieldType.Item, // RFC 9440
        ["client-cert-chain"] = SfFieldType.List, // RFC 9440
        ["content-digest"] = SfFieldType.Dictionary, // RFC 9530
        ["priority"] = SfFieldType.Dictionary, // RFC 9218
        ["proxy-status"] = SfFieldType.List, // RFC 9209
        ["repr-digest"] = SfFieldType.Dictionary, // RFC 9530
        ["signature"] = SfFieldType.Dictionary, // RFC 9421
        ["signature-input"] = SfFieldType.Dictionary, // RFC 9421
        ["want-content-digest"] = SfFieldType.Dictionary, // RFC 9530
        ["want-repr-digest"] = SfFieldType.Dictionary, // RFC 9530
    };
}
