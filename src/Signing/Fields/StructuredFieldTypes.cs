namespace Signing;

/// <summary>RFC 9421 §2.1.1. Knows which header fields are structured fields, and of which type. A table.</summary>
internal static class StructuredFieldTypes
{
    public static FieldType Find(IReadOnlyDictionary<string, FieldType> added, ReadOnlySpan<char> name)
    {
        foreach (var pair in added)
        {
            if (name.SequenceEqual(pair.Key))
            {
                return pair.Value;
            }
        }

        // The fields registered as structured fields with IANA that a request may carry, and those of RFC 9421 and RFC 9530.
        return name switch
        {
            "accept-ch" => FieldType.List,
            "accept-signature" => FieldType.Dictionary,
            "available-dictionary" => FieldType.Item,
            "cache-status" => FieldType.List,
            "capsule-protocol" => FieldType.Item,
            "cdn-cache-control" => FieldType.Dictionary,
            "client-cert" => FieldType.Item,
            "client-cert-chain" => FieldType.List,
            "content-digest" => FieldType.Dictionary,
            "dictionary-id" => FieldType.Item,
            "priority" => FieldType.Dictionary,
            "proxy-status" => FieldType.List,
            "repr-digest" => FieldType.Dictionary,
            "signature" => FieldType.Dictionary,
            "signature-input" => FieldType.Dictionary,
            "unencoded-digest" => FieldType.Dictionary,
            "use-as-dictionary" => FieldType.Dictionary,
            "want-content-digest" => FieldType.Dictionary,
            "want-repr-digest" => FieldType.Dictionary,
            _ => FieldType.Unknown,
        };
    }
}
