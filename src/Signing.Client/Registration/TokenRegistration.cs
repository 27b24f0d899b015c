namespace Signing.Client;

/// <summary>Marks a named client as one that sends tokens. Setting a mark twice changes nothing.</summary>
internal sealed class TokenRegistration
{
    public bool SendsAccessToken { get; set; }

    public bool SendsApiToken { get; set; }
}
