namespace Signing.AspNetCore;

/// <summary>The parameters of a request to a token endpoint, each of them once; RFC 6749 §3.2: an empty one is as if it were absent, an unknown one is ignored.</summary>
internal sealed class TokenRequest
{
    private readonly Dictionary<string, string> _parameters = new(StringComparer.Ordinal);

    public string? GrantType => Find("grant_type");

    public string? ClientId => Find("client_id");

    public string? ClientSecret => Find("client_secret");

    public string? RefreshToken => Find("refresh_token");

    public string? SharingKey => Find("sharing_key");

    public string? Scope => Find("scope");

    public string? Token => Find("token");

    public bool TryAdd(string name, string value) => _parameters.TryAdd(name, value);

    private string? Find(string name) => _parameters.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;
}
