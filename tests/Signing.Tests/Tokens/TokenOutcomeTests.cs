using Signing.AspNetCore;
using Signing.Tests.Outcomes;

namespace Signing.Tests.Tokens;

public sealed class TokenOutcomeTests() : OutcomeTableContract<TokenStatus>(TokenOutcome.Of)
{
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
    public void Each_value_is_told_as_the_table_says(TokenStatus status, string code, int httpStatus, Disclosure disclosure) =>
        IsTold(status, code, httpStatus, disclosure);

    [Fact]
    public void A_refused_credential_is_told_by_its_own_row()
    {
        TokenVerdict verdict = new(TokenStatus.CredentialRefused, CredentialStatus.Suspended);

        Assert.Equal("suspended", verdict.Outcome.Code);
    }
}
