namespace Signing.Client;

/// <summary>Knows what becomes of a request in a browser, where <c>HttpClient</c> gives it to <c>fetch</c>: what is signed has to be what arrives.</summary>
internal static class Fetch
{
    // WHATWG Fetch §2.2.1: these are sent in upper case, and no others.
    private static readonly HttpMethod[] UpperCase = [HttpMethod.Delete, HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Post, HttpMethod.Put];

    public static string MethodOf(HttpMethod method) => UpperCase.FirstOrDefault(method.Equals)?.Method ?? method.Method;

    // WHATWG URL §1.3: the query of an address of http or https has no apostrophe, while System.Uri leaves it alone.
    public static string TargetOf(Uri uri)
    {
        string target = uri.PathAndQuery;
        int query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query] + target[query..].Replace("'", "%27", StringComparison.Ordinal);
    }

    /// <summary>Writes all values as they are sent: what reads them for <c>fetch</c> parses them.</summary>
    public static void Parse(HttpRequestMessage request)
    {
        _ = request.Headers.Count();
        _ = request.Content?.Headers.Count();
    }
}
