namespace Signing;

/// <summary>RFC 9421 §2.2. Says why a method, a scheme or a status differs.</summary>
internal static class ControlDataComparison
{
    public static Finding Method(string signed, string seen)
    {
        // RFC 9421 §2.2.1: case-sensitive.
        if (signed.Equals(seen, StringComparison.OrdinalIgnoreCase))
        {
            return new(MismatchCause.MethodChanged, "methods are case-sensitive, and one side changes the case; send and sign the method in capitals");
        }

        return (signed, seen) switch
        {
            ("HEAD", "GET") => new(MismatchCause.MethodChanged, "usually a cache asks with GET for what was asked with HEAD; let signed requests through it"),
            ("POST", "GET") => new(MismatchCause.MethodChanged, "usually a redirect (301, 302 or 303) was followed, which turns POST into GET; call the final address, and sign each request anew"),
            _ => new(MismatchCause.MethodChanged, "usually a method override or a gateway's mapping changed it; sign the method that is sent"),
        };
    }

    public static Finding Scheme(string signed, string seen)
    {
        if (signed.Equals(seen, StringComparison.OrdinalIgnoreCase))
        {
            return new(MismatchCause.NotNormalized, "RFC 9421 section 2.2.4 signs the scheme in small letters");
        }

        return new(MismatchCause.SchemeRewritten, SchemeWhy(signed));
    }

    public static Finding Status() => new(
        MismatchCause.StatusChanged, "usually a gateway or an error page of a proxy answered in the server's place; let the answers of the API through unchanged");

    /// <summary>Why the scheme of a target URI differs.</summary>
    public static string SchemeWhy(string signed) => signed == "https"
        ? "usually a proxy ends TLS and the server takes the request for plain http; have it send X-Forwarded-Proto and use UseForwardedHeaders with its address among the known proxies, or set PublicOrigin"
        : "one side takes the request for https; sign the scheme of the address that is called, or correct PublicOrigin";
}
