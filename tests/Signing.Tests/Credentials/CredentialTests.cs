using Signing.AspNetCore;

namespace Signing.Tests.Credentials;

public sealed class CredentialTests
{
    private const string Key = "key_1";

    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void An_active_credential_without_limits_is_valid()
        => Assert.Equal(CredentialStatus.Valid, new Credential(Key, Secret()).Evaluate(0, Now));

    [Theory]
    [InlineData(StoredStatus.Active, CredentialStatus.Valid)]
    [InlineData(StoredStatus.Suspended, CredentialStatus.Suspended)]
    [InlineData(StoredStatus.Revoked, CredentialStatus.Revoked)]
    [InlineData(StoredStatus.None, CredentialStatus.Revoked)]
    [InlineData((StoredStatus)99, CredentialStatus.Revoked)]
    public void Only_an_active_credential_is_valid(StoredStatus stored, CredentialStatus expected)
        => Assert.Equal(expected, new Credential(Key, Secret()) { Status = stored }.Evaluate(0, Now));

    [Fact]
    public void It_begins_at_its_first_instant()
    {
        Credential credential = new(Key, Secret()) { NotBefore = Now };

        Assert.Equal(CredentialStatus.NotYetValid, credential.Evaluate(0, Now - Tick));
        Assert.Equal(CredentialStatus.Valid, credential.Evaluate(0, Now));
    }

    [Fact]
    public void It_ends_before_the_instant_at_which_it_expires()
    {
        Credential credential = new(Key, Secret()) { Expires = Now };

        Assert.Equal(CredentialStatus.Valid, credential.Evaluate(0, Now - Tick));
        Assert.Equal(CredentialStatus.Expired, credential.Evaluate(0, Now));
    }

    [Fact]
    public void A_retiring_Secret_ends_and_the_current_one_does_not()
    {
        using SigningKey retiring = new(Key, "retiring-secret-0123");
        using SigningKey current = new(Key, "current-secret-01234");
        Credential credential = new(Key, new CredentialSecret(retiring, Now), new CredentialSecret(current));
        int retiringIndex = credential.Secrets.IndexOf(retiring);
        int currentIndex = credential.Secrets.IndexOf(current);

        Assert.Equal(CredentialStatus.Valid, credential.Evaluate(retiringIndex, Now - Tick));
        Assert.Equal(CredentialStatus.Expired, credential.Evaluate(retiringIndex, Now));
        Assert.Equal(CredentialStatus.Valid, credential.Evaluate(currentIndex, Now));
    }

    [Fact]
    public void The_Secret_that_ends_last_is_tried_first()
    {
        using SigningKey soon = new(Key, "ends-soon-0123456789");
        using SigningKey later = new(Key, "ends-later-0123456789");
        using SigningKey never = new(Key, "ends-never-0123456789");
        Credential credential = new(
            Key, new CredentialSecret(soon, Now), new CredentialSecret(never), new CredentialSecret(later, Now.AddDays(1)));

        Assert.Equal([never, later, soon], credential.Secrets.ToArray());
    }

    [Theory]
    [InlineData("live", "live", CredentialStatus.Valid)]
    [InlineData("live", null, CredentialStatus.Valid)]
    [InlineData(null, null, CredentialStatus.Valid)]
    [InlineData("test", "live", CredentialStatus.EnvironmentMismatch)]
    [InlineData("Live", "live", CredentialStatus.EnvironmentMismatch)]
    [InlineData(null, "live", CredentialStatus.EnvironmentMismatch)]
    public void A_credential_of_another_environment_is_refused(string? own, string? served, CredentialStatus expected)
        => Assert.Equal(expected, new Credential(Key, Secret()) { Environment = own }.Evaluate(0, Now, served));

    [Fact]
    public void Workspace_and_application_win_over_the_credential_and_revocation_over_both()
    {
        Assert.Equal(CredentialStatus.WorkspaceDisabled, With(true, true, StoredStatus.Suspended).Evaluate(0, Now, "live"));
        Assert.Equal(CredentialStatus.ApplicationSuspended, With(false, true, StoredStatus.Suspended).Evaluate(0, Now, "live"));
        Assert.Equal(CredentialStatus.Suspended, With(false, false, StoredStatus.Suspended).Evaluate(0, Now, "live"));
        Assert.Equal(CredentialStatus.Revoked, With(true, true, StoredStatus.Revoked).Evaluate(0, Now, "live"));

        static Credential With(bool disabled, bool suspended, StoredStatus status) => new(Key, Secret())
        {
            WorkspaceDisabled = disabled,
            ApplicationSuspended = suspended,
            Status = status,
            Expires = Now,
        };
    }

    [Fact]
    public void A_revoked_credential_has_no_Secret_and_says_so_before_a_MAC()
        => Assert.Equal(CredentialStatus.Revoked, new Credential(Key) { Status = StoredStatus.Revoked }.Evaluate(-1, Now));

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_Secret_that_did_not_match_is_never_evaluated(int matched)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new Credential(Key, Secret()).Evaluate(matched, Now));

    [Fact]
    public void It_shows_its_Key_and_nothing_else()
    {
        using SigningKey secret = new(Key, "not-to-be-shown-0123");

        Assert.Equal(Key, new Credential(Key, new CredentialSecret(secret)) { Name = "n" }.ToString());
        Assert.DoesNotContain("not-to-be-shown", new CredentialSecret(secret).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_of_another_key_id_missing_ones_and_too_many_are_refused()
    {
        using SigningKey other = new("other", "0123456789abcdef");

        Assert.Throws<ArgumentException>(() => new Credential(Key, new CredentialSecret(other)));
        Assert.Throws<ArgumentException>(() => new Credential(Key, default(CredentialSecret)));
        Assert.Throws<ArgumentException>(() => new Credential(Key, Secret(), Secret(), Secret(), Secret(), Secret()));
        Assert.Equal(Credential.MaxSecrets, new Credential(Key, Secret(), Secret(), Secret(), Secret()).Secrets.Length);
        Assert.Throws<ArgumentException>(() => new Credential(""));
    }

    private static CredentialSecret Secret() => new(new SigningKey(Key, "0123456789abcdef"));
}
