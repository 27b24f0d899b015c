using System.Net.Http.Headers;
using System.Text;

namespace Signing.Client;

/// <summary>RFC 9421 §4. Finds and removes the members that an earlier attempt left under our label; those of others stay as they are.</summary>
internal static class OwnSignature
{
    /// <summary>Remembers on the request under which label it was signed beside others: Key, label and policy may be others at the next attempt.</summary>
    public static void Note(HttpRequestMessage request, SigningProfile profile, string label)
    {
        // Who signs alone finds what is his by its label, and every request is spared the memory.
        if (profile.Signer.Policy.CoverSignatures)
        {
            request.Options.Set(profile.LastLabel, label);
        }
    }

    public static bool IsPresent(HttpRequestMessage request, SigningProfile profile)
    {
        HttpRequestHeaders headers = request.Headers;
        SigningPolicy policy = profile.Signer.Policy;
        if (request.Options.TryGetValue(profile.LastLabel, out _))
        {
            return true;
        }

        return policy.CoverSignatures
            ? LabelsOf(headers, policy.Label, profile.Key.KeyId).Count > 0
            : headers.NonValidated.TryGetValues(FieldNames.SignatureInput, out HeaderStringValues values) && Has(values.ToString(), policy.Label);
    }

    /// <summary>Removes our members from <c>Signature-Input</c> and <c>Signature</c>: those under our label, and where others' are covered the last one that was put on the request, and of those under our label only those of our key.</summary>
    /// <exception cref="MessageSigningException">One of the two fields is malformed.</exception>
    public static void Remove(HttpRequestMessage request, SigningProfile profile, string keyId)
    {
        HttpRequestHeaders headers = request.Headers;
        SigningPolicy policy = profile.Signer.Policy;
        if (request.Options.TryGetValue(profile.LastLabel, out string? last))
        {
            Remove(headers, last);
        }

        if (!policy.CoverSignatures)
        {
            Remove(headers, policy.Label);
            return;
        }

        // What is handed on may have been signed under the same label: that one is to be covered, and ours stands beside it under a label with a number.
        foreach (string label in LabelsOf(headers, policy.Label, keyId))
        {
            Remove(headers, label);
        }
    }

    private static void Remove(HttpRequestHeaders headers, string label)
    {
        Remove(headers, FieldNames.SignatureInput, label, SignatureStatus.MalformedSignatureInput);
        Remove(headers, FieldNames.Signature, label, SignatureStatus.MalformedSignature);
    }

    private static List<string> LabelsOf(HttpRequestHeaders headers, string ours, string keyId)
    {
        var labels = new List<string>();
        if (!headers.NonValidated.TryGetValues(FieldNames.SignatureInput, out HeaderStringValues values))
        {
            return labels;
        }

        var reader = new StructuredFieldReader(values.ToString());
        while (reader.TryReadKey(out ReadOnlySpan<char> label) && TryReadValue(ref reader, keyId, out bool isOfKey))
        {
            if (isOfKey && label.StartsWith(ours) && !label[ours.Length..].ContainsAnyExceptInRange('0', '9'))
            {
                labels.Add(label.ToString());
            }
        }

        return labels;
    }

    private static void Remove(HttpRequestHeaders headers, string name, string label, SignatureStatus malformed)
    {
        if (!headers.NonValidated.TryGetValues(name, out HeaderStringValues values))
        {
            return;
        }

        string text = values.ToString();
        if (!TryDrop(text, label, out StringBuilder others))
        {
            throw new MessageSigningException(malformed, $"The request has a {name} header that is no Dictionary. A verifier would refuse every signature in it: remove it.", name);
        }

        if (!Has(text, label))
        {
            return;
        }

        headers.Remove(name);
        if (others.Length > 0)
        {
            headers.TryAddWithoutValidation(name, others.ToString());
        }
    }

    private static bool Has(string text, string label)
    {
        var reader = new StructuredFieldReader(text);
        while (reader.TryReadKey(out ReadOnlySpan<char> key) && TryReadValue(ref reader, keyId: null, out _))
        {
            if (key.SequenceEqual(label))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryDrop(string text, string label, out StringBuilder others)
    {
        others = new StringBuilder();
        var reader = new StructuredFieldReader(text);
        int start = 0;
        while (reader.TryReadKey(out ReadOnlySpan<char> key) && TryReadValue(ref reader, keyId: null, out _))
        {
            // From the end of the member before: the comma and the spaces around it are trimmed off.
            ReadOnlySpan<char> member = text.AsSpan(start, reader.Position - start).Trim(" \t,");
            start = reader.Position;
            if (!key.SequenceEqual(label))
            {
                others.Append(others.Length == 0 ? "" : ", ").Append(member);
            }
        }

        return !reader.Failed;
    }

    private static bool TryReadValue(ref StructuredFieldReader reader, string? keyId, out bool isOfKey)
    {
        isOfKey = false;
        if (!reader.TryReadInnerListStart())
        {
            return reader.TryReadBareItem(out _) && TryReadParameters(ref reader, keyId, out isOfKey);
        }

        while (reader.TryReadInnerItem(out _))
        {
            if (!TryReadParameters(ref reader, keyId: null, out _))
            {
                return false;
            }
        }

        return TryReadParameters(ref reader, keyId, out isOfKey);
    }

    private static bool TryReadParameters(ref StructuredFieldReader reader, string? keyId, out bool isOfKey)
    {
        isOfKey = false;
        Span<char> text = stackalloc char[SignatureLimits.MaxKeyIdLength];
        while (reader.TryReadParameter(out ReadOnlySpan<char> key, out BareItem value))
        {
            isOfKey |= keyId is not null && key is "keyid" && value.Type == BareItemType.String && value.TryCopyString(text, out int length) && text[..length].SequenceEqual(keyId);
        }

        return !reader.Failed;
    }
}
