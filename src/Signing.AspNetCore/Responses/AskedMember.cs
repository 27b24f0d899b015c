namespace Signing.AspNetCore;

/// <summary>RFC 9421 §5.1. One member of <c>Accept-Signature</c>, as it was read.</summary>
/// <param name="Label">The label that the signature is to have.</param>
/// <param name="Components">What it is to cover, in the form of <see cref="SigningPolicy.Components"/>.</param>
/// <param name="KeyId">Whose key; <see langword="null"/> if any will do.</param>
/// <param name="Tag">The tag that it is to have; that of the policy where none was asked for.</param>
internal sealed record AskedMember(string Label, IReadOnlyList<string> Components, string? KeyId, string? Tag)
{
    /// <summary>Reads the value of a member.</summary>
    /// <returns>It; <see langword="null"/> if it is no Inner List of strings, or asks for an algorithm, a tag or a parameter that the policy does not let be had.</returns>
    public static AskedMember? Read(scoped ref StructuredFieldReader reader, string text, string label, SigningPolicy policy)
    {
        List<string>? components = ReadComponents(ref reader, text);
        bool suits = ReadParameters(ref reader, policy, out string? keyId, out string? tag);
        return suits && components is not null ? new AskedMember(label, components, keyId, tag) : null;
    }

    // Null if there is one that nothing covers.
    private static List<string>? ReadComponents(scoped ref StructuredFieldReader reader, string text)
    {
        List<string>? components = [];
        while (reader.TryReadInnerItem(out BareItem name))
        {
            int start = reader.Position - name.Raw.Length;
            bool isPlain = true;
            while (reader.TryReadParameter(out _, out _))
            {
                isPlain = false;
            }

            string component = isPlain ? name.Content.ToString() : text[start..reader.Position];
            if (name.Type != BareItemType.String || component.Length == 0)
            {
                components = null;
            }

            components?.Add(component);
        }

        return components;
    }

    private static bool ReadParameters(scoped ref StructuredFieldReader reader, SigningPolicy policy, out string? keyId, out string? tag)
    {
        keyId = null;
        tag = policy.Tag;
        bool suits = true;
        while (reader.TryReadParameter(out ReadOnlySpan<char> key, out BareItem value))
        {
            string? content = StringOf(value);
            switch (key)
            {
                case "created":
                    break;
                case "expires":
                    suits &= policy.Lifetime is not null;
                    break;
                case "alg":
                    suits &= content is "hmac-sha256";
                    break;
                case "keyid":
                    keyId = content;
                    suits &= content is not null;
                    break;
                case "tag":
                    suits &= content is not null && (policy.Tag ?? content) == content;
                    tag = content;
                    break;
                default:
                    suits = false;
                    break;
            }
        }

        return suits;
    }

    private static string? StringOf(in BareItem item)
    {
        if (item.Type != BareItemType.String)
        {
            return null;
        }

        Span<char> text = stackalloc char[AskedSignatures.MaxLength];
        return item.TryCopyString(text, out int written) ? text[..written].ToString() : null;
    }
}
