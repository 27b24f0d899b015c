namespace Signing.Tests.Client.Model;

/// <summary>An address, and by hand what the documents make of it.</summary>
/// <param name="Address">As a caller writes it.</param>
/// <param name="Origin">What it has in common with others of its origin.</param>
/// <param name="Authority">What is on the wire.</param>
/// <param name="IsTrusted">Whether it is https, or this machine.</param>
internal sealed record Place(string Address, string Origin, string Authority, bool IsTrusted)
{
    public const string Target = "/p?q=1";

    public static readonly Place[] All =
    [
        new("https://api.example/p?q=1", "a", "api.example", true),
        new("https://API.Example:443/p?q=1", "a", "api.example", true),
        new("https://api.example:8443/p?q=1", "a8443", "api.example:8443", true),
        new("https://api.example./p?q=1", "a.", "api.example.", true),
        new("http://api.example/p?q=1", "plain", "api.example", false),
        new("http://api.example:443/p?q=1", "plain443", "api.example:443", false),
        new("http://localhost:8080/p?q=1", "local", "localhost:8080", true),
        new("http://LOCALHOST:8080/p?q=1", "local", "localhost:8080", true),
        new("http://127.0.0.1/p?q=1", "127", "127.0.0.1", true),
        new("https://b\u00FCcher.example/p?q=1", "idn", "xn--bcher-kva.example", true),
        new("https://xn--bcher-kva.EXAMPLE/p?q=1", "idn", "xn--bcher-kva.example", true),
        new("https://[2001:DB8::1]:8443/p?q=1", "v6", "[2001:db8::1]:8443", true),
    ];

    public string Scheme => Address[..Address.IndexOf(':', StringComparison.Ordinal)];
}
