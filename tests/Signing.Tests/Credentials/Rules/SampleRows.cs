using Signing.AspNetCore;

namespace Signing.Tests.Credentials.Rules;

/// <summary>Rows to begin with.</summary>
internal static class SampleRows
{
    public static readonly DateTimeOffset Now = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static WorkspaceRecord Workspace { get; } = new() { Id = "ws_1", Name = "Acme", Created = new Stamp(Now, "root") };

    public static ApplicationRecord Application { get; } = new() { Id = "app_1", WorkspaceId = "ws_1", Name = "Web shop", Created = new Stamp(Now, "root") };

    public static CredentialRecord KeyPair { get; } = new()
    {
        Id = "crd_1",
        ApplicationId = "app_1",
        WorkspaceId = "ws_1",
        Kind = CredentialKind.KeyPair,
        Key = "acme_key_live_1",
        Name = "Orders",
        Environment = "live",
        Secrets = [Secret(1)],
        Created = new Stamp(Now, "root"),
    };

    public static CredentialRecord ApiToken { get; } = KeyPair with { Kind = CredentialKind.ApiToken, Key = null };

    public static SharingKeyRecord SharingKey { get; } = new()
    {
        Id = "shk_1",
        GrantorWorkspaceId = "ws_1",
        Name = "For beta",
        Secret = Secret(1) with { Sealed = null, Hash = TokenHash.Of("a sharing key, long enough") },
        Created = new Stamp(Now, "root"),
    };

    public static SecretRecord Secret(int version, DateTimeOffset? created = null) => new()
    {
        Version = version,
        Hint = "k9Zr",
        Disclosure = SecretDisclosure.Once,
        Sealed = new byte[] { (byte)version },
        Created = created ?? Now,
    };
}
