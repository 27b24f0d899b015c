using Signing.AspNetCore;

namespace Signing.Tests.Credentials.Rules;

public sealed class CredentialStateTests
{
    private static readonly DateTimeOffset Now = SampleRows.Now;

    [Fact]
    public void A_credential_without_times_is_active_forever()
    {
        Assert.Equal(CredentialState.Active, CredentialStates.Of(SampleRows.KeyPair, Now));
        Assert.Equal(CredentialState.Active, CredentialStates.Of(SampleRows.KeyPair, Now.AddYears(100)));
    }

    [Fact]
    public void It_is_scheduled_up_to_its_first_instant_and_expired_from_its_end_on()
    {
        CredentialRecord credential = SampleRows.KeyPair with { NotBefore = Now, Expires = Now.AddYears(1) };

        Assert.Equal(CredentialState.Scheduled, CredentialStates.Of(credential, Now.AddTicks(-1)));
        Assert.Equal(CredentialState.Active, CredentialStates.Of(credential, Now));
        Assert.Equal(CredentialState.ExpiringSoon, CredentialStates.Of(credential, Now.AddYears(1).AddTicks(-1)));
        Assert.Equal(CredentialState.Expired, CredentialStates.Of(credential, Now.AddYears(1)));
    }

    [Fact]
    public void It_expires_soon_in_its_last_14_days()
    {
        CredentialRecord credential = SampleRows.KeyPair with { Expires = Now.AddDays(14) };

        Assert.Equal(CredentialState.Active, CredentialStates.Of(credential, Now.AddTicks(-1)));
        Assert.Equal(CredentialState.ExpiringSoon, CredentialStates.Of(credential, Now));
    }

    [Fact]
    public void A_revocation_that_is_to_come_counts_as_its_end()
    {
        CredentialRecord credential = CredentialRules.Revoke(SampleRows.KeyPair with { Expires = Now.AddYears(1) }, "ann", "leaked", TimeSpan.FromDays(1), Now).Credential;

        Assert.Equal(CredentialState.ExpiringSoon, CredentialStates.Of(credential, Now));
        Assert.Equal(CredentialState.Revoked, CredentialStates.Of(credential, Now.AddDays(1)));
    }

    [Fact]
    public void While_the_former_Secret_is_accepted_it_is_rotating()
    {
        CredentialRecord credential = CredentialRules.Rotate(SampleRows.KeyPair, SampleRows.Secret(2), TimeSpan.FromHours(24), Now).Credential;

        Assert.Equal(CredentialState.Rotating, CredentialStates.Of(credential, Now));
        Assert.Equal(CredentialState.Rotating, CredentialStates.Of(credential, Now.AddHours(24).AddTicks(-1)));
        Assert.Equal(CredentialState.Active, CredentialStates.Of(credential, Now.AddHours(24)));
        Assert.False(CredentialStates.IsRotating(CredentialRules.Revoke(credential, "ann", null, TimeSpan.FromHours(1), Now).Credential, Now.AddHours(1)));
    }

    [Fact]
    public void A_Secret_is_destroyed_when_neither_its_seal_nor_its_hash_is_left()
    {
        SecretRecord hashed = SampleRows.SharingKey.Secret;

        Assert.False(hashed.IsDestroyed);
        Assert.False(SampleRows.Secret(1).IsDestroyed);
        Assert.True((hashed with { Hash = null }).IsDestroyed);
    }

    [Theory]
    [InlineData(StoredStatus.Suspended, CredentialState.Suspended)]
    [InlineData(StoredStatus.Revoked, CredentialState.Revoked)]
    [InlineData(StoredStatus.None, CredentialState.Revoked)]
    [InlineData((StoredStatus)99, CredentialState.Revoked)]
    public void What_was_decided_wins_over_every_time(StoredStatus status, CredentialState state)
    {
        CredentialRecord[] credentials =
        [
            SampleRows.KeyPair,
            SampleRows.KeyPair with { NotBefore = Now.AddDays(1) },
            SampleRows.KeyPair with { Expires = Now.AddDays(-1) },
        ];

        Assert.All(credentials, credential => Assert.Equal(state, CredentialStates.Of(credential with { Status = status }, Now)));
    }
}
