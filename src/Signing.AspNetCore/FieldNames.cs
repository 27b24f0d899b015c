using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Signing.AspNetCore;

/// <summary>Turns the spans of field names into strings that exist already: header dictionaries can only be asked with strings.</summary>
internal static class FieldNames
{
    private const int LearntNames = 256;
    private const int MaxLearntLength = 64;

    // The very strings Kestrel compares by reference first.
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Known = new[]
    {
        "Signature-Input", "Signature", "Content-Digest", "Accept-Signature", "Idempotency-Key", "Repr-Digest", "Forwarded",
        HeaderNames.Accept, HeaderNames.AcceptCharset, HeaderNames.AcceptEncoding, HeaderNames.AcceptLanguage, HeaderNames.Authorization,
        HeaderNames.CacheControl, HeaderNames.Connection, HeaderNames.ContentDisposition, HeaderNames.ContentEncoding,
        HeaderNames.ContentLanguage, HeaderNames.ContentLength, HeaderNames.ContentLocation, HeaderNames.ContentRange,
        HeaderNames.ContentType, HeaderNames.Cookie, HeaderNames.CorrelationContext, HeaderNames.Date, HeaderNames.Expect, HeaderNames.From,
        HeaderNames.Host, HeaderNames.IfMatch, HeaderNames.IfModifiedSince, HeaderNames.IfNoneMatch, HeaderNames.IfRange,
        HeaderNames.IfUnmodifiedSince, HeaderNames.Origin, HeaderNames.Pragma, HeaderNames.Range, HeaderNames.Referer, HeaderNames.RequestId,
        HeaderNames.TE, HeaderNames.TraceParent, HeaderNames.TraceState, HeaderNames.Trailer, HeaderNames.TransferEncoding,
        HeaderNames.Upgrade, HeaderNames.UserAgent, HeaderNames.Via, HeaderNames.XRequestedWith,
    }.ToFrozenDictionary(name => name.ToLowerInvariant(), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    // Names come from the messages of strangers: each has one place to be remembered in, and the last one there wins. A flood
    // of names costs a string for each, and is forgotten when the usual names come back.
    private static readonly string?[] Learnt = new string?[LearntNames];

    /// <summary>Gets a line of a field as <see cref="ISignableMessage.GetFieldLine"/> gives it.</summary>
    public static ReadOnlySpan<char> LineOf(IHeaderDictionary fields, ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        count = fields.TryGetValue(Get(lowerCaseName), out StringValues lines) ? lines.Count : 0;
        return index < count ? lines[index] : default;
    }

    public static string Get(ReadOnlySpan<char> lowerCaseName)
    {
        if (Known.TryGetValue(lowerCaseName, out string? known))
        {
            return known;
        }

        ref string? place = ref Learnt[(uint)string.GetHashCode(lowerCaseName, StringComparison.Ordinal) % LearntNames];
        string? learnt = Volatile.Read(ref place);
        return learnt is not null && lowerCaseName.SequenceEqual(learnt) ? learnt : Learn(lowerCaseName, ref place);
    }

    private static string Learn(ReadOnlySpan<char> lowerCaseName, ref string? place)
    {
        string name = lowerCaseName.ToString();
        if (name.Length <= MaxLearntLength)
        {
            Volatile.Write(ref place, name);
        }

        return name;
    }
}
