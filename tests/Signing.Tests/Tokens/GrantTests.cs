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

    [Fact]
    public void A_refresh_token_has_ended_at_its_last_instant_and_not_before()
    {
        var terms = new GrantTerms(2, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), []);

        Assert.Equal(GrantRotationStatus.Expired, Full.Rotate(3, terms, Full.RefreshExpires!.Value).Status);
        Assert.Equal(GrantRotationStatus.Rotated, Full.Rotate(3, terms, Full.RefreshExpires.Value.AddTicks(-1)).Status);
    }

    [Fact]
    public void Of_a_rotation_that_was_never_confirmed_the_token_before_is_accepted_again_and_none_before_that()
    {
        var terms = new GrantTerms(2, TimeSpan.FromDays(1), TimeSpan.FromDays(1), []);
        Grant unconfirmed = Full.Rotate(3, terms, Now).Grant!;
        DateTimeOffset late = Now + Grant.SuccessorWindow + TimeSpan.FromTicks(1);
        Assert.Equal(GrantRotationStatus.Reused, unconfirmed.Rotate(3, terms, late).Status);

        unconfirmed.IsUnconfirmed = true;

        Assert.Equal((GrantRotationStatus.Rotated, 4), unconfirmed.Rotate(3, terms, late) is var rotation ? (rotation.Status, rotation.Grant!.Sequence) : default);
        Assert.Equal(GrantRotationStatus.Reused, unconfirmed.Rotate(2, terms, late).Status);
    }

    private static void AssertChanged(Grant before, Grant after, params string[] names) =>
        Assert.Equal(names.Order(), typeof(Grant).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => !Equals(property.GetValue(before), property.GetValue(after))).Select(property => property.Name).Order());
}
