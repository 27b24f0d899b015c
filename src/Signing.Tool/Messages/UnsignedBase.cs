namespace Signing.Tool;

/// <summary>RFC 9421 §2.5. Writes where a request went to as the signature base that nobody signed would show it, so that two of them can be compared.</summary>
internal static class UnsignedBase
{
    public static string Of(string method, string scheme, string authority, string target)
    {
        bool isKnown = AuthorityComponent.TryNormalize(scheme, authority, out ReadOnlySpan<char> normalized);
        string host = isKnown ? normalized.ToString().ToLowerInvariant() : authority;
        string[] lines =
        [
            $"\"@method\": {method}", $"\"@authority\": {host}", $"\"@path\": {CalledTarget.PathOf(target)}", $"\"@query\": {CalledTarget.QueryOf(target)}", $"{SignatureBaseText.Parameters}: ()",
        ];

        // What a server says it saw may hold anything.
        return string.Join('\n', lines.Select(Printable.Of));
    }
}
