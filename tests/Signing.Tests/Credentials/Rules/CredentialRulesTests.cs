using Signing.AspNetCore;

namespace Signing.Tests.Credentials.Rules;

public sealed class CredentialRulesTests
{
    private static readonly DateTimeOffset Now = SampleRows.Now;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void A_rotation_accepts_both_Secrets_until_its_overlap_ends()
    {
        CredentialRecord rotated = Changed(CredentialRules.Rotate(SampleRows.KeyPair, SampleRows.Secret(2), Day, Now));

        Assert.Equal(2, rotated.Version);
        Assert.Equal(2, rotated.Current!.Version);
        Assert.Equal((1, Now + Day), (rotated.Retiring!.Version, rotated.Retiring.RetiresAt));
        Assert.True(CredentialStates.IsRotating(rotated, Now));
        Assert.False(CredentialStates.IsRotating(rotated, Now + Day));
    }

    [Fact]
    public void An_overlap_never_outlasts_the_credential()
    {
        CredentialRecord expiring = SampleRows.KeyPair with { Expires = Now.AddHours(1) };
        CredentialRecord ending = CredentialRules.Revoke(SampleRows.KeyPair, "ann", null, TimeSpan.FromHours(2), Now).Credential;

        Assert.Equal(Now.AddHours(1), Changed(CredentialRules.Rotate(expiring, SampleRows.Secret(2), Day, Now)).Retiring!.RetiresAt);
        Assert.Equal(Now.AddHours(2), Changed(CredentialRules.Rotate(ending, SampleRows.Secret(2), Day, Now)).Retiring!.RetiresAt);
        Assert.Equal(Now + Day, Changed(CredentialRules.Rotate(expiring with { Expires = Now.AddYears(1) }, SampleRows.Secret(2), Day, Now)).Retiring!.RetiresAt);
    }

    [Fact]
    public void A_rotation_without_overlap_destroys_the_former_Secret_at_once()
    {
        CredentialRecord rotated = Changed(CredentialRules.Rotate(SampleRows.KeyPair, SampleRows.Secret(2), TimeSpan.Zero, Now));

        Assert.Equal(2, rotated.Current!.Version);
        Assert.Null(rotated.Retiring);
        Assert.True(rotated.Secrets[0].IsDestroyed);
    }

    [Fact]
    public void A_new_Secret_has_no_end_of_its_own_whatever_it_is_given()
    {
        CredentialRecord rotated = Changed(CredentialRules.Rotate(SampleRows.KeyPair, SampleRows.Secret(2) with { RetiresAt = Now.AddHours(1) }, Day, Now));

        Assert.Equal((2, null), (rotated.Current!.Version, rotated.Current.RetiresAt));
    }

    [Fact]
    public void Never_are_more_than_two_Secrets_accepted()
    {
        CredentialRecord rotated = Changed(CredentialRules.Rotate(SampleRows.KeyPair, SampleRows.Secret(2), Day, Now));

        Refused(ChangeStatus.AlreadyRotating, rotated, CredentialRules.Rotate(rotated, SampleRows.Secret(3), Day, Now.AddHours(23)));

        CredentialRecord again = Changed(CredentialRules.Rotate(rotated, SampleRows.Secret(3), Day, Now + Day));
        Assert.Equal([true, false, false], again.Secrets.Select(secret => secret.IsDestroyed));
        Assert.Equal((2, 3), (again.Retiring!.Version, again.Current!.Version));
    }

    [Fact]
    public void A_row_remembers_eight_Secrets()
    {
        CredentialRecord credential = SampleRows.KeyPair;
        for (int version = 2; version <= 12; version++)
        {
            credential = Changed(CredentialRules.Rotate(credential, SampleRows.Secret(version), TimeSpan.Zero, Now.AddDays(version)));
        }

        Assert.Equal([5, 6, 7, 8, 9, 10, 11, 12], credential.Secrets.Select(secret => secret.Version));
        Assert.Equal(12, Assert.Single(credential.Secrets, secret => !secret.IsDestroyed).Version);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(90 * 24 + 1)]
    public void An_overlap_is_from_zero_to_90_days(int hours) =>
        Refused(ChangeStatus.DurationInvalid, SampleRows.KeyPair, CredentialRules.Rotate(SampleRows.KeyPair, SampleRows.Secret(2), TimeSpan.FromHours(hours), Now));

    [Fact]
    public void A_former_Secret_can_be_retired_before_its_overlap_ends()
    {
        CredentialRecord rotated = Changed(CredentialRules.Rotate(SampleRows.KeyPair, SampleRows.Secret(2), Day, Now));

        CredentialRecord retired = Changed(CredentialRules.Retire(rotated, Now.AddHours(1)));

        Assert.Equal(Now.AddHours(1), retired.Secrets[0].RetiresAt);
        Assert.True(retired.Secrets[0].IsDestroyed);
        Assert.False(retired.Current!.IsDestroyed);
        Refused(ChangeStatus.NotRotating, retired, CredentialRules.Retire(retired, Now.AddHours(1)));
        Refused(ChangeStatus.NotRotating, rotated, CredentialRules.Retire(rotated, Now + Day));
    }

    [Fact]
    public void An_ApiToken_keeps_its_text()
    {
        Refused(ChangeStatus.NotAKeyPair, SampleRows.ApiToken, CredentialRules.Rotate(SampleRows.ApiToken, SampleRows.Secret(2), Day, Now));
        Refused(ChangeStatus.NotAKeyPair, SampleRows.ApiToken, CredentialRules.Retire(SampleRows.ApiToken, Now));
    }

    [Fact]
    public void Renewing_brings_an_expired_credential_back_with_the_same_Key_and_Secret()
    {
        CredentialRecord expired = SampleRows.KeyPair with { Expires = Now.AddDays(-1) };

        CredentialRecord renewed = Changed(CredentialRules.Renew(expired, Now.AddYears(1), Now));

        Assert.Equal(CredentialState.Active, CredentialStates.Of(renewed, Now));
        Assert.Equal((expired.Key, expired.Secrets), (renewed.Key, renewed.Secrets));
        Assert.Equal(CredentialState.Active, CredentialStates.Of(Changed(CredentialRules.Renew(expired, null, Now)), Now));
        Assert.Equal(ChangeStatus.Unchanged, CredentialRules.Renew(renewed, Now.AddYears(1), Now).Status);
    }

    [Fact]
    public void A_new_end_lies_in_the_future_and_after_the_beginning()
    {
        CredentialRecord scheduled = SampleRows.KeyPair with { NotBefore = Now.AddDays(2) };

        Refused(ChangeStatus.EndInvalid, SampleRows.KeyPair, CredentialRules.Renew(SampleRows.KeyPair, Now, Now));
        Refused(ChangeStatus.EndInvalid, scheduled, CredentialRules.Renew(scheduled, Now.AddDays(2), Now));
    }

    [Fact]
    public void Suspending_and_resuming_change_nothing_else()
    {
        CredentialRecord suspended = Changed(CredentialRules.Suspend(SampleRows.KeyPair, Now));
        CredentialRecord resumed = Changed(CredentialRules.Resume(suspended, Now));

        Assert.Equal(CredentialState.Suspended, CredentialStates.Of(suspended, Now));
        Assert.Equal(SampleRows.KeyPair with { Version = 3 }, resumed);
        Assert.Equal(ChangeStatus.Unchanged, CredentialRules.Suspend(suspended, Now).Status);
        Assert.Equal(ChangeStatus.Unchanged, CredentialRules.Resume(resumed, Now).Status);
    }

    [Fact]
    public void Revoking_destroys_every_Secret_and_keeps_the_row_with_who_and_why()
    {
        CredentialRecord rotated = Changed(CredentialRules.Rotate(SampleRows.KeyPair, SampleRows.Secret(2), Day, Now));

        CredentialRecord revoked = Changed(CredentialRules.Revoke(rotated, "ann", "leaked", TimeSpan.Zero, Now));

        Assert.Equal(StoredStatus.Revoked, revoked.Status);
        Assert.All(revoked.Secrets, secret => Assert.True(secret.IsDestroyed));
        Assert.Equal((new Stamp(Now, "ann"), "leaked"), (revoked.Revoked, revoked.RevokedFor));
        Assert.Null(revoked.Current);
        Assert.Null(revoked.Retiring);
    }

    [Fact]
    public void Nothing_brings_a_revoked_credential_back()
    {
        CredentialRecord[] revoked =
        [
            Changed(CredentialRules.Revoke(SampleRows.KeyPair, "ann", null, TimeSpan.Zero, Now)),
            Changed(CredentialRules.Revoke(SampleRows.KeyPair, "ann", null, Day, Now - Day)),
            SampleRows.KeyPair with { Status = StoredStatus.None },
        ];
        foreach (CredentialRecord credential in revoked)
        {
            CredentialChange[] changes =
            [
                CredentialRules.Rotate(credential, SampleRows.Secret(2), Day, Now),
                CredentialRules.Retire(credential, Now),
                CredentialRules.Renew(credential, null, Now),
                CredentialRules.Suspend(credential, Now),
                CredentialRules.Resume(credential, Now),
                CredentialRules.Revoke(credential, "bob", "again", TimeSpan.Zero, Now),
                CredentialRules.KeepAfterAll(credential, Now),
            ];
            Assert.All(changes, change => Refused(ChangeStatus.AlreadyRevoked, credential, change));
        }
    }

    [Fact]
    public void A_revocation_after_an_overlap_can_be_taken_back_until_it_comes()
    {
        CredentialRecord decided = Changed(CredentialRules.Revoke(SampleRows.KeyPair, "ann", "moved", Day, Now));

        Assert.False(decided.Current!.IsDestroyed);
        Assert.Equal(SampleRows.KeyPair with { Version = 3 }, Changed(CredentialRules.KeepAfterAll(decided, Now + Day - TimeSpan.FromTicks(1))));
        Assert.Equal(ChangeStatus.Unchanged, CredentialRules.KeepAfterAll(SampleRows.KeyPair, Now).Status);
        Refused(ChangeStatus.AlreadyRevoked, decided, CredentialRules.KeepAfterAll(decided, Now + Day));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(91)]
    public void A_revocation_comes_within_90_days(int days) =>
        Refused(ChangeStatus.DurationInvalid, SampleRows.KeyPair, CredentialRules.Revoke(SampleRows.KeyPair, "ann", null, TimeSpan.FromDays(days), Now));

    [Fact]
    public void Settling_destroys_what_time_has_ended_and_nothing_before()
    {
        CredentialRecord rotated = Changed(CredentialRules.Rotate(SampleRows.KeyPair, SampleRows.Secret(2), Day, Now));
        CredentialRecord decided = Changed(CredentialRules.Revoke(rotated, "ann", null, 2 * Day, Now));

        Assert.Equal(ChangeStatus.Unchanged, CredentialRules.Settle(decided, Now + Day - TimeSpan.FromTicks(1)).Status);

        CredentialRecord retired = Changed(CredentialRules.Settle(decided, Now + Day));
        Assert.Equal([true, false], retired.Secrets.Select(secret => secret.IsDestroyed));

        CredentialRecord ended = Changed(CredentialRules.Settle(retired, Now + (2 * Day)));
        Assert.Equal(StoredStatus.Revoked, ended.Status);
        Assert.All(ended.Secrets, secret => Assert.True(secret.IsDestroyed));
        Assert.Equal(ChangeStatus.Unchanged, CredentialRules.Settle(ended, Now + (3 * Day)).Status);
    }

    [Fact]
    public void Settling_ends_a_revoked_row_whose_Secrets_are_left_and_one_that_has_none()
    {
        CredentialRecord left = SampleRows.KeyPair with { Status = StoredStatus.Revoked };
        CredentialRecord empty = SampleRows.KeyPair with { Secrets = [], RevokesAt = Now };

        Assert.True(Assert.Single(Changed(CredentialRules.Settle(left, Now)).Secrets).IsDestroyed);
        Assert.Equal(StoredStatus.Revoked, Changed(CredentialRules.Settle(empty, Now)).Status);
    }

    [Fact]
    public void A_use_is_noted_once_a_minute_only_forward_and_is_no_edit()
    {
        CredentialRecord used = Changed(CredentialUses.Mark(SampleRows.KeyPair, 1, new LastUse(Now, "192.0.2.1")));

        Assert.Equal(SampleRows.KeyPair.Version, used.Version);
        Assert.Equal((new LastUse(Now, "192.0.2.1"), new LastUse(Now, "192.0.2.1")), (used.LastUsed, used.Secrets[0].LastUsed));
        Assert.Equal(ChangeStatus.Unchanged, CredentialUses.Mark(used, 1, new LastUse(Now.AddSeconds(59), "192.0.2.2")).Status);
        Assert.Equal(ChangeStatus.Unchanged, CredentialUses.Mark(used, 1, new LastUse(Now.AddHours(-1), "192.0.2.2")).Status);
        Assert.Equal("192.0.2.2", Changed(CredentialUses.Mark(used, 1, new LastUse(Now.AddSeconds(60), "192.0.2.2"))).LastUsed!.Value.Address);
    }

    [Fact]
    public void Each_Secret_has_a_last_use_of_its_own()
    {
        CredentialRecord rotated = Changed(CredentialRules.Rotate(SampleRows.KeyPair, SampleRows.Secret(2), Day, Now));

        CredentialRecord used = Changed(CredentialUses.Mark(rotated, 2, new LastUse(Now, null)));
        Assert.Equal(ChangeStatus.Unchanged, CredentialUses.Mark(used, 2, new LastUse(Now.AddSeconds(1), null)).Status);
        used = Changed(CredentialUses.Mark(used, 1, new LastUse(Now.AddSeconds(1), null)));

        Assert.Equal([Now.AddSeconds(1), Now], used.Secrets.Select(secret => secret.LastUsed!.Value.At));
        Assert.Equal(Now, used.LastUsed!.Value.At);
        Assert.Null(Changed(CredentialUses.Mark(rotated, 0, new LastUse(Now, null))).Current!.LastUsed);
        used = Changed(CredentialUses.Mark(used, 1, new LastUse(Now.AddSeconds(60), null)));
        Assert.Equal((Now.AddSeconds(1), Now.AddSeconds(60)), (used.Secrets[0].LastUsed!.Value.At, used.LastUsed!.Value.At));
    }

    [Fact]
    public void An_edit_keeps_the_later_use_of_each_Secret_whichever_side_has_seen_it()
    {
        CredentialRecord rotated = Changed(CredentialRules.Rotate(SampleRows.KeyPair, SampleRows.Secret(2), Day, Now));
        CredentialRecord first = Changed(CredentialUses.Mark(rotated, 1, new LastUse(Now, null)));
        CredentialRecord both = Changed(CredentialUses.Mark(first, 2, new LastUse(Now.AddMinutes(1), null)));

        foreach (CredentialRecord kept in (CredentialRecord[])[CredentialUses.Keep(first, both), CredentialUses.Keep(both, first), CredentialUses.Keep(both, both)])
        {
            Assert.Equal([Now, Now.AddMinutes(1)], kept.Secrets.Select(secret => secret.LastUsed!.Value.At));
            Assert.Equal(Now.AddMinutes(1), kept.LastUsed!.Value.At);
        }

        Assert.Equal(both.Secrets, CredentialUses.Keep(rotated, both).Secrets);
    }

    [Fact]
    public void A_Secret_is_due_at_its_rotation_age_counted_from_the_last_rotation()
    {
        TimeSpan age = TimeSpan.FromDays(90);
        CredentialRecord rotated = Changed(CredentialRules.Rotate(SampleRows.KeyPair, SampleRows.Secret(2, Now + Day), Day, Now + Day));

        Assert.False(CredentialStates.IsDueForRotation(SampleRows.KeyPair, age, Now + age - TimeSpan.FromTicks(1)));
        Assert.True(CredentialStates.IsDueForRotation(SampleRows.KeyPair, age, Now + age));
        Assert.False(CredentialStates.IsDueForRotation(rotated, age, Now + age));
        Assert.False(CredentialStates.IsDueForRotation(SampleRows.ApiToken, age, Now + age));
        Assert.False(CredentialStates.IsDueForRotation(Changed(CredentialRules.Revoke(SampleRows.KeyPair, "ann", null, TimeSpan.Zero, Now)), age, Now + age));
        Assert.False(CredentialStates.IsDueForRotation(Changed(CredentialRules.Revoke(SampleRows.KeyPair, "ann", null, Day, Now)), age, Now + age));
    }

    [Fact]
    public void Health_names_what_to_look_at_and_nothing_of_a_credential_that_nobody_can_use()
    {
        TimeSpan age = TimeSpan.FromDays(30);
        CredentialRecord used = Changed(CredentialUses.Mark(SampleRows.KeyPair with { Expires = Now.AddYears(1) }, 1, new LastUse(Now, null)));
        CredentialRecord rotated = Changed(CredentialRules.Rotate(used, SampleRows.Secret(2), Day, Now));
        CredentialRecord stillUsed = Changed(CredentialUses.Mark(rotated, 1, new LastUse(Now.AddHours(1), null)));

        Assert.Equal(KeyHealth.NeverExpires, KeyHealthRules.Of(SampleRows.KeyPair, age, Now));
        Assert.Equal(KeyHealth.None, KeyHealthRules.Of(used, age, Now));
        Assert.Equal(KeyHealth.Overdue, KeyHealthRules.Of(used, age, Now.AddDays(30)));
        Assert.Equal(KeyHealth.Overdue | KeyHealth.Idle, KeyHealthRules.Of(used, age, Now.AddDays(90)));
        Assert.Equal(KeyHealth.None, KeyHealthRules.Of(rotated, age, Now.AddHours(1)));
        Assert.Equal(KeyHealth.RetiringSecretInUse, KeyHealthRules.Of(stillUsed, age, Now.AddHours(1)));
        Assert.Equal(KeyHealth.None, KeyHealthRules.Of(used, age, Now.AddYears(1)));
        Assert.Equal(KeyHealth.None, KeyHealthRules.Of(Changed(CredentialRules.Revoke(SampleRows.KeyPair, "ann", null, TimeSpan.Zero, Now)), age, Now));
    }

    private static CredentialRecord Changed(CredentialChange change)
    {
        Assert.Equal(ChangeStatus.Changed, change.Status);
        return change.Credential;
    }

    private static void Refused(ChangeStatus status, CredentialRecord earlier, CredentialChange change)
    {
        Assert.Equal(status, change.Status);
        Assert.Same(earlier, change.Credential);
    }
}
