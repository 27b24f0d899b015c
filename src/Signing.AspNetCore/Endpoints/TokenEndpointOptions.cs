using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Configures the endpoints that issue, refresh and revoke tokens; wrong values are refused when they are mapped.</summary>
public sealed class TokenEndpointOptions
{
    /// <summary>The routes below the prefix.</summary>
    public TokenRoutes Routes { get; set; } = new();

    /// <summary>The scheme whose policy and replay store judge signed requests to these endpoints; <c>Signature</c> unless set, registered or not.</summary>
    public string SignatureScheme { get; set; } = SignatureDefaults.AuthenticationScheme;

    /// <summary>Whether a <c>client_credentials</c> answer carries a refresh token, which RFC 6749 §4.4.3 advises against; <see langword="false"/> unless set.</summary>
    public bool RefreshTokenWithClientCredentials { get; set; }

    /// <summary>Whether whoever holds a refresh token may refresh and revoke without proving to be its client; <see langword="false"/> unless set.</summary>
    /// <remarks>Then a stolen refresh token is enough to go on for ever. Leave it off unless old clients cannot do better.</remarks>
    public bool AllowRefreshWithoutClient { get; set; }

    /// <summary>How many requests a minute one address may send before anything is checked, an IPv6 address counting by its /64; 600 unless set, 0 for any number.</summary>
    public int RequestsPerAddress { get; set; } = 600;

    /// <summary>How many requests a minute one client may send, counted only when its Secret was right; 120 unless set, 0 for any number.</summary>
    public int RequestsPerClient { get; set; } = 120;

    /// <summary>The scope that lets a client introspect tokens of others; <c>introspect</c> unless set.</summary>
    public string IntrospectionScope { get; set; } = "introspect";

    internal void Validate()
    {
        List<string> failures = [];
        if (Routes is null)
        {
            failures.Add("Routes must not be null.");
        }

        if (string.IsNullOrEmpty(SignatureScheme) || string.IsNullOrEmpty(IntrospectionScope))
        {
            failures.Add("SignatureScheme and IntrospectionScope must not be empty.");
        }

        if (RequestsPerAddress < 0 || RequestsPerClient < 0)
        {
            failures.Add("RequestsPerAddress and RequestsPerClient must not be negative.");
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(nameof(TokenEndpointOptions), typeof(TokenEndpointOptions), failures);
        }
    }
}
