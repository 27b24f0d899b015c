using Microsoft.AspNetCore.DataProtection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens;

/// <summary>What a <see cref="TokenDesk"/> is made of; two desks with the same parts are two nodes.</summary>
internal sealed record TokenDeskSettings
{
    public ManualTimeProvider Time { get; init; } = new();

    public TokenOptions Options { get; init; } = OptionsOf("https://api.example.com/auth");

    public IGrantStore? Store { get; init; }

    public IDataProtectionProvider KeyRing { get; init; } = new EphemeralDataProtectionProvider();

    public CredentialBook Credentials { get; init; } = new();

    public Credential Client { get; init; } =
        new("key_tokens_1") { Id = "crd_1", ApplicationId = "app_1", WorkspaceId = "ws_1", Scopes = ["orders.read", "orders.write"] };

    public SharingKeyCheck? Sharing { get; init; }

    public static TokenOptions OptionsOf(string issuer) => new() { Issuer = new Uri(issuer) };
}
