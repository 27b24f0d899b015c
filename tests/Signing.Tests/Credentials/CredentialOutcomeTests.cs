using Signing.AspNetCore;

namespace Signing.Tests.Credentials;

public sealed class CredentialOutcomeTests
{
    public static TheoryData<CredentialStatus> Values => new(Enum.GetValues<CredentialStatus>());

    [Theory]
    [MemberData(nameof(Values))]
    public void Each_value_has_a_code_a_sentence_and_a_remedy(CredentialStatus status)
    {
        Outcome outcome = CredentialOutcome.Of(status);

        Assert.Matches("^[a-z]+(_[a-z]+)*$", outcome.Code);
        Assert.Matches("^[A-Z].*\\.$", outcome.Sentence);
        Assert.Matches("^[A-Z].*\\.$", outcome.Remedy);
        Assert.Contains(outcome.HttpStatus, new[] { 200, 401, 403, 429, 500, 503 });
    }

    // The outcome table of the design, row by row.
    [Theory]
    [InlineData(CredentialStatus.None, "credential_not_evaluated", 500, Disclosure.Holder)]
    [InlineData(CredentialStatus.Valid, "valid", 200, Disclosure.Holder)]
    [InlineData(CredentialStatus.UnknownKey, "unknown_key", 401, Disclosure.AsInvalidCredential)]
    [InlineData(CredentialStatus.Revoked, "revoked", 401, Disclosure.AsInvalidCredential)]
    [InlineData(CredentialStatus.WorkspaceDisabled, "workspace_disabled", 401, Disclosure.Holder)]
    [InlineData(CredentialStatus.ApplicationSuspended, "application_suspended", 401, Disclosure.Holder)]
    [InlineData(CredentialStatus.Suspended, "suspended", 401, Disclosure.Holder)]
    [InlineData(CredentialStatus.Expired, "expired", 401, Disclosure.Holder)]
    [InlineData(CredentialStatus.NotYetValid, "not_yet_valid", 401, Disclosure.Holder)]
    [InlineData(CredentialStatus.EnvironmentMismatch, "environment_mismatch", 401, Disclosure.Holder)]
    [InlineData(CredentialStatus.CredentialStoreUnavailable, "credential_store_unavailable", 503, Disclosure.Holder)]
    [InlineData(CredentialStatus.AmbiguousCredentials, "ambiguous_credentials", 401, Disclosure.Anybody)]
    public void Each_value_is_told_as_the_table_says(CredentialStatus status, string code, int httpStatus, Disclosure disclosure)
    {
        Outcome outcome = CredentialOutcome.Of(status);

        Assert.Equal((code, httpStatus, disclosure), (outcome.Code, outcome.HttpStatus, outcome.Disclosure));
    }

    [Fact]
    public void No_two_values_share_a_code()
    {
        string[] codes = [.. Enum.GetValues<CredentialStatus>().Select(status => CredentialOutcome.Of(status).Code)];

        Assert.Equal(codes.Length, codes.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1000)]
    public void A_value_without_a_name_has_no_row(int value)
        => Assert.Throws<ArgumentOutOfRangeException>(() => CredentialOutcome.Of((CredentialStatus)value));
}
