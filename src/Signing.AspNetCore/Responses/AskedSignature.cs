using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Signing.AspNetCore;

/// <summary>RFC 9421 §5.2. Reads from a request's <c>Accept-Signature</c> which signature of the response is wanted, as far as the policy lets it be had.</summary>
/// <remarks>
/// It adds components, and names the label and, where the policy has none, the tag; it takes nothing away. A member that asks for
/// another key or algorithm, for a nonce, or for what no response covers asks for another signature than can be had and is
/// left out; the first that is not left out counts.
/// </remarks>
internal sealed class AskedSignature
{
    private const int MaxLength = 2048;

    // Members that are looked at more closely. Each that can be met is remembered with what signs it, and nobody needs more than two.
    private const int MaxMembers = 8;

    private AskedSignature(MessageSigner signer, string? keyId)
    {
        Signer = signer;
        KeyId = keyId;
    }

    public MessageSigner Signer { get; }

    /// <summary>Gets the key that is asked for; <see langword="null"/> if any will do.</summary>
    public string? KeyId { get; }

    /// <summary>Joins the lines of the field.</summary>
    /// <returns>The text; <see langword="null"/> if there is none, or more than is read.</returns>
    public static string? TextOf(HttpRequest request) =>
        request.Headers.TryGetValue(AcceptSignature.FieldName, out StringValues lines) && lines.Count > 0 && lines.ToString() is { Length: <= MaxLength } text ? text : null;

    /// <summary>Reads the members that can be met.</summary>
    public static AskedSignature[] Read(string text, SigningPolicy policy)
    {
        var met = new List<AskedSignature>();
        int looked = 0;
        var reader = new StructuredFieldReader(text);
        while (reader.TryReadKey(out ReadOnlySpan<char> label))
        {
            // RFC 9421 §5.1: the value of a member is an Inner List; a field with any other says nothing that could be relied on.
            if (!reader.TryReadInnerListStart())
            {
                return [];
            }

            List<string>? components = ReadComponents(ref reader, text, policy);
            bool suits = ReadParameters(ref reader, policy, out string? keyId, out string? tag);
            if (!reader.Failed && suits && components is not null && looked++ < MaxMembers && TryMakeSigner(label.ToString(), components, tag, policy) is { } signer)
            {
                met.Add(new AskedSignature(signer, keyId));
            }
        }

        return reader.Failed ? [] : [.. met];
    }

    // What is covered in any case is not added again; null if a component is not one of a response.
    private static List<string>? ReadComponents(scoped ref StructuredFieldReader reader, string text, SigningPolicy policy)
    {
        List<string>? components = [.. policy.Components];
        while (reader.TryReadInnerItem(out BareItem name))
        {
            int start = reader.Position - name.Raw.Length;
            bool ofRequest = false;
            bool plain = true;
            while (reader.TryReadParameter(out ReadOnlySpan<char> key, out _))
            {
                ofRequest |= key is "req";
                plain = false;
            }

            string component = plain ? name.Content.ToString() : text[start..reader.Position];
            if (name.Type != BareItemType.String || component.Length == 0)
            {
                components = null;
            }
            else if (!(ofRequest && name.Content is "signature"))
            {
                // The signature of the request is covered by the label that it was verified by.
                components?.Add(component);
            }
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

        Span<char> text = stackalloc char[MaxLength];
        return item.TryCopyString(text, out int written) ? text[..written].ToString() : null;
    }

    private static MessageSigner? TryMakeSigner(string label, List<string> components, string? tag, SigningPolicy policy)
    {
        bool isField(string component) => component[0] is not ('@' or '"');
        try
        {
            return new MessageSigner(new SigningPolicy(MessageKind.Response)
            {
                Components = [.. components.Where(component => !isField(component) || policy.Components.Contains(component, StringComparer.Ordinal)).Distinct(StringComparer.Ordinal)],
                CoverIfPresent = [.. policy.CoverIfPresent.Concat(components.Where(isField)).Except(policy.Components, StringComparer.Ordinal).Distinct(StringComparer.Ordinal)],
                CoverRequestSignature = policy.CoverRequestSignature,
                CoverSignatures = policy.CoverSignatures,
                Label = label,
                Tag = tag,
                Lifetime = policy.Lifetime,
                IncludeNonce = policy.IncludeNonce,
                IncludeAlgorithm = policy.IncludeAlgorithm,
                FieldTypes = policy.FieldTypes,
            });
        }
        catch (ArgumentException)
        {
            // The core knows what can be signed: this cannot, so nobody can be given it.
            return null;
        }
    }
}
