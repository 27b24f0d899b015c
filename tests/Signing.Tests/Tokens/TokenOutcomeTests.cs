using Signing.AspNetCore;

namespace Signing.Tests.Tokens;

public sealed class TokenOutcomeTests
{
    public static TheoryData<TokenStatus> Values => new(Enum.GetValues<TokenStatus>());

    [Theory, MemberData(nameof(Values))]
    public void Each_value_has_a_code_a_sentence_and_a_remedy(TokenStatus status)
    {
        Outcome outcome = TokenOutcome.Of(status);

        Assert.Matches("^[a-z]+(_[a-z]+)*$", outcome.Code);
        Assert.Matches("^[A-Z].*\\.$", outcome.Sentence);
        Assert.Matches("^[A-Z].*\\.$", outcome.Remedy);
    }

    // The outcome table of the design, row by row.
    [Theory]
    [InlineData(TokenStatus.None, "token_not_evaluated", 500, Disclosure.Holder)]
    [InlineData(TokenStatus.Valid, "valid", 200, Disclosure.Holder)]
    [InlineData(TokenStatus.MalformedToken, "malformed_token", 401, Disclosure.Anybody)]
    [InlineData(TokenStatus.TamperedToken, "tampered_token", 401, Disclosure.AsInvalidCredential)]
    [InlineData(TokenStatus.UnknownGrant, "unknown_grant", 401, Disclosure.AsInvalidCredential)]
    [InlineData(TokenStatus.Expired, "expired", 401, Disclosure.Holder)]
    [InlineData(TokenStatus.Revoked, "revoked", 401, Disclosure.Holder)]
    [InlineData(TokenStatus.RefreshReused, "refresh_reused", 401, Disclosure.Holder)]
    [InlineData(TokenStatus.AnotherClient, "another_client", 401, Disclosure.AsInvalidCredential)]
    [InlineData(TokenStatus.CredentialRefused, "credential_refused", 401, Disclosure.Holder)]
    [InlineData(TokenStatus.SharingKeyRefused, "sharing_key_refused", 401, Disclosure.Holder)]
    [InlineData(TokenStatus.GrantStoreUnavailable, "grant_store_unavailable", 503, Disclosure.Holder)]
    [InlineData(TokenStatus.GrantQuotaExceeded, "grant_quota_exceeded", 429, Disclosure.Holder)]
    [InlineData(TokenStatus.MissingToken, "missing_token", 401, Disclosure.Anybody)]
    [InlineData(TokenStatus.ScopeMissing, "scope_missing", 403, Disclosure.Holder)]
    [InlineData(TokenStatus.RateLimited, "rate_limited", 429, Disclosure.Anybody)]
    public void Each_value_is_told_as_the_table_says(TokenStatus status, string code, int httpStatus, Disclosure disclosure)
    {
        Outcome outcome = TokenOutcome.Of(status);

        Assert.Equal((code, httpStatus, disclosure), (outcome.Code, outcome.HttpStatus, outcome.Disclosure));
    }

    [Fact]
    public void No_two_values_share_a_code()
    {
        string[] codes = [.. Enum.GetValues<TokenStatus>().Select(status => TokenOutcome.Of(status).Code)];

        Assert.Equal(codes.Length, codes.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_refused_credential_is_told_by_its_own_row()
    {
        TokenVerdict verdict = new(TokenStatus.CredentialRefused, CredentialStatus.Suspended);

        Assert.Equal("suspended", verdict.Outcome.Code);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1000)]
    public void A_value_without_a_name_has_no_row(int value)
        => Assert.Throws<ArgumentOutOfRangeException>(() => TokenOutcome.Of((TokenStatus)value));
}
