namespace Signing.Client;

/// <summary>Marks a named client as one that signs. Setting the mark twice changes nothing.</summary>
internal sealed class SigningRegistration
{
    public bool Signs { get; set; }
}
