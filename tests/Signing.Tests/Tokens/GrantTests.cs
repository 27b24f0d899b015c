using System.Reflection;
using Signing.AspNetCore;

namespace Signing.Tests.Tokens;

public sealed class GrantTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    private static readonly Grant Full = new()
    {
        Id = 1,
        ClientKey = "key",
        CredentialId = "crd_1",
        ApplicationId = "app_1",
        ActingWorkspaceId = "guest",
        WorkspaceId = "host",
        SharingKeyId = "shr_1",
        Scopes = ["read"],
        Sequence = 3,
        KeyVersion = 2,
        Issued = Now,
        RotatedAt = Now + TimeSpan.FromMinutes(1),
        AccessExpires = Now + TimeSpan.FromMinutes(2),
        RefreshExpires = Now + TimeSpan.FromMinutes(3),
    };

    [Fact]
    public void A_version_that_is_used_or_revoked_is_in_all_else_what_it_was()
    {
        Grant used = Full.MarkUsed(3);

        AssertChanged(Full, used, nameof(Grant.IsUsed));
        AssertChanged(Full, Full.Revoke(RevocationReason.Holder, Now), nameof(Grant.RevokedAt), nameof(Grant.RevokedFor), nameof(Grant.IsRevoked));
        AssertChanged(used, used.Revoke(RevocationReason.Holder, Now), nameof(Grant.RevokedAt), nameof(Grant.RevokedFor), nameof(Grant.IsRevoked));
    }

    private static void AssertChanged(Grant before, Grant after, params string[] names) =>
        Assert.Equal(names.Order(), typeof(Grant).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => !Equals(property.GetValue(before), property.GetValue(after))).Select(property => property.Name).Order());
}
