using System.Net.Http.Headers;
using System.Text;

namespace Signing.Client;

/// <summary>RFC 9421 §4. Finds and removes the members that an earlier attempt left under our label; those of others stay as they are.</summary>
internal static class OwnSignature
{
    public static bool IsPresent(HttpRequestHeaders headers, string label) =>
        headers.NonValidated.TryGetValues(FieldNames.SignatureInput, out HeaderStringValues values) && Has(values.ToString(), label);

    /// <summary>Removes our members from <c>Signature-Input</c> and <c>Signature</c>.</summary>
    /// <exception cref="MessageSigningException">One of the two fields is malformed.</exception>
    public static void Remove(HttpRequestHeaders headers, string label)
    {
        Remove(headers, FieldNames.SignatureInput, label, SignatureStatus.MalformedSignatureInput);
        Remove(headers, FieldNames.Signature, label, SignatureStatus.MalformedSignature);
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
        while (reader.TryReadKey(out ReadOnlySpan<char> key) && TryReadValue(ref reader))
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
        while (reader.TryReadKey(out ReadOnlySpan<char> key) && TryReadValue(ref reader))
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

    private static bool TryReadValue(ref StructuredFieldReader reader)
    {
        if (!reader.TryReadInnerListStart())
        {
            return reader.TryReadBareItem(out _) && TryReadParameters(ref reader);
        }

        while (reader.TryReadInnerItem(out _))
        {
            if (!TryReadParameters(ref reader))
            {
                return false;
            }
        }

        return TryReadParameters(ref reader);
    }

    private static bool TryReadParameters(ref StructuredFieldReader reader)
    {
        while (reader.TryReadParameter(out _, out _))
        {
        }

        return !reader.Failed;
    }
}
