using System.Buffers;
using System.Net.Http.Headers;

namespace Signing.Client;

/// <summary>RFC 9421 §5. Reads from <c>Accept-Signature</c> which components a server would like to see covered as well.</summary>
/// <remarks>
/// Only ever adds. Its <c>keyid</c>, <c>nonce</c> and times are not followed: which key is used, and that a nonce is unique, is not
/// for a server to say. A member that asks for another <c>tag</c> or <c>alg</c> asks somebody else.
/// </remarks>
internal static class AcceptedComponents
{
    /// <summary>Characters of the field that are looked at; a longer one is ignored.</summary>
    public const int MaxLength = 2048;

    /// <summary>Components that one origin may add.</summary>
    public const int MaxComponents = 16;

    private static readonly SearchValues<char> FieldNameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz");

    /// <summary>Reads the member that is meant for us: the first with our tag, else the first that has none.</summary>
    /// <param name="response">The refusal.</param>
    /// <param name="tag">Our own tag, if any.</param>
    /// <returns>Names of fields and of derived components without parameters; empty if there are none or the field is malformed.</returns>
    public static List<string> Read(HttpResponseMessage response, string? tag)
    {
        if (!response.Headers.NonValidated.TryGetValues(FieldNames.AcceptSignature, out HeaderStringValues values)
            || values.ToString() is not { Length: <= MaxLength } text)
        {
            return [];
        }

        List<string>? ours = null;
        List<string>? anybodys = null;
        var labels = new HashSet<string>(StringComparer.Ordinal);
        var reader = new StructuredFieldReader(text);
        while (reader.TryReadKey(out ReadOnlySpan<char> label))
        {
            var asked = new List<string>();

            // RFC 9421 §5.1: the value of a member is an Inner List. RFC 9651 §4.2: a field that is malformed anywhere says nothing,
            // nor does one that has two members under one label, of which each reader takes another.
            if (!labels.Add(label.ToString()) || !reader.TryReadInnerListStart())
            {
                return [];
            }

            bool suits = ReadComponents(ref reader, asked) & ReadParameters(ref reader, tag, out bool isOurs);
            if (suits && isOurs)
            {
                ours ??= asked;
            }
            else if (suits)
            {
                anybodys ??= asked;
            }
        }

        return reader.Failed ? [] : ours ?? anybodys ?? [];
    }

    private static bool ReadComponents(ref StructuredFieldReader reader, List<string> asked)
    {
        bool suits = true;
        while (reader.TryReadInnerItem(out BareItem item))
        {
            bool plain = true;
            while (reader.TryReadParameter(out _, out _))
            {
                plain = false;
            }

            // RFC 9421 §2.2.9: @status has no value in a request, so the member is not meant for one.
            suits &= item.Type == BareItemType.String && item.Content is not "@status";
            if (plain && suits && CanAdd(item.Content) && asked.Count < SignatureLimits.MaxComponents)
            {
                asked.Add(item.Content.ToString());
            }
        }

        return suits;
    }

    // RFC 9421 §5.2 step 2.4: who cannot fulfil a parameter leaves the member to somebody else.
    private static bool ReadParameters(ref StructuredFieldReader reader, string? tag, out bool isOurs)
    {
        bool suits = true;
        isOurs = false;
        while (reader.TryReadParameter(out ReadOnlySpan<char> key, out BareItem value))
        {
            if (key is "tag")
            {
                isOurs = tag is not null && IsString(value, tag);
                suits &= isOurs;
            }

            suits &= key is not "alg" || IsString(value, "hmac-sha256");
        }

        return suits;
    }

    private static bool IsString(in BareItem item, string value)
    {
        Span<char> text = stackalloc char[SignatureLimits.MaxTagLength];
        return item.Type == BareItemType.String && item.TryCopyString(text, out int length) && text[..length].SequenceEqual(value);
    }

    // Signatures do not cover each other: what was asked for would change with every attempt. The other names refused are
    // those of the connection, which HTTP/2 does not send or a proxy replaces.
    private static bool CanAdd(ReadOnlySpan<char> name) => name switch
    {
        "@method" or "@authority" or "@path" or "@query" or "@scheme" or "@target-uri" or "@request-target" => true,
        "signature" or "signature-input" => false,
        "host" or "connection" or "keep-alive" or "te" or "trailer" or "transfer-encoding" or "upgrade" or "expect" or "cookie" => false,
        _ => IsFieldName(name),
    };

    // RFC 9110 §5.1 in lower case, as RFC 9421 §2.1 wants it.
    private static bool IsFieldName(ReadOnlySpan<char> name) =>
        !name.IsEmpty && name.IndexOfAnyExcept(FieldNameCharacters) < 0;
}
