using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;

namespace Signing.AspNetCore;

/// <summary>Turns the spans of field names into strings that exist already: header dictionaries can only be asked with strings.</summary>
internal static class FieldNames
{
    // Names come from the messages of strangers, so what is learnt has a limit; beyond it each look-up makes a string.
    private const int MaxLearnt = 256;
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

    private static readonly ConcurrentDictionary<string, string> Others = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Learnt = Others.GetAlternateLookup<ReadOnlySpan<char>>();

    private static int _learnt;

    public static string Get(ReadOnlySpan<char> lowerCaseName) =>
        Known.TryGetValue(lowerCaseName, out string? name) || Learnt.TryGetValue(lowerCaseName, out name) ? name : Learn(lowerCaseName);

    private static string Learn(ReadOnlySpan<char> lowerCaseName)
    {
        string name = lowerCaseName.ToString();
        if (name.Length > MaxLearntLength || Volatile.Read(ref _learnt) >= MaxLearnt || !Others.TryAdd(name, name))
        {
            return name;
        }

        Interlocked.Increment(ref _learnt);
        return name;
    }
}
