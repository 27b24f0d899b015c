namespace Signing.Client;

/// <summary>Marks a named client as one that sends tokens. Setting a mark twice changes nothing.</summary>
internal sealed class TokenRegistration
{
    public bool SendsAccessToken { get; set; }

    public bool SendsApiToken { get; set; }

    /// <summary>Whether the client was named for it; otherwise it was meant with all others, and its base address may be anybody's.</summary>
    public bool IsNamedForAccessToken { get; set; }

    /// <summary>Whether the client was named for it; otherwise it was meant with all others, and its base address may be anybody's.</summary>
    public bool IsNamedForApiToken { get; set; }
}
