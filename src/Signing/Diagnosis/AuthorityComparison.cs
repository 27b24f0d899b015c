namespace Signing;

/// <summary>RFC 9421 §2.2.3. Says why an authority differs.</summary>
internal static class AuthorityComparison
{
    public static Finding Compare(string signed, string seen)
    {
        (var host, var port) = TargetText.SplitAuthority(signed);
        (var seenHost, var seenPort) = TargetText.SplitAuthority(seen);
        if (!host.Equals(seenHost, StringComparison.OrdinalIgnoreCase))
        {
            return host.TrimEnd('.').Equals(seenHost.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)
                ? new(MismatchCause.AuthorityRewritten, "one side writes the dot at the end of the host name; call the host without it")
                : new(MismatchCause.AuthorityRewritten, "usually a proxy puts another host into Host; have it pass on the caller's (nginx: proxy_set_header Host $http_host), or set PublicOrigin to the address that callers use");
        }

        if (port == seenPort)
        {
            // RFC 9421 §2.2.3: in lower case.
            return new(MismatchCause.NotNormalized, "RFC 9421 section 2.2.3 signs the host in small letters");
        }

        if (seenPort is null)
        {
            return port is "443" or "80" or ""
                ? new(MismatchCause.NotNormalized, "RFC 9421 section 2.2.3 leaves the default port of the scheme out of what is signed")
                : new(MismatchCause.PortDropped, "usually a proxy hands on the host without its port (nginx: $host); have it pass on Host as it came (proxy_set_header Host $http_host), or set PublicOrigin with the port");
        }

        return seenPort == "443" && port is null
            ? new(MismatchCause.PortChanged, "443 is the default port of https alone, so usually the server takes the request for plain http behind a proxy that ends TLS; have it send X-Forwarded-Proto and use UseForwardedHeaders, or set PublicOrigin")
            : new(MismatchCause.PortChanged, "usually a proxy puts the port of the server behind it into Host; have it pass on the caller's Host (nginx: proxy_set_header Host $http_host), or set PublicOrigin to the address that callers use");
    }
}
