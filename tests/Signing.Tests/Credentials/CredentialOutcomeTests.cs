using Signing.AspNetCore;
using Signing.Tests.Outcomes;

namespace Signing.Tests.Credentials;

public sealed class CredentialOutcomeTests() : OutcomeTableContract<CredentialStatus>(CredentialOutcome.Of)
{
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
    [InlineData(CredentialStatus.ApiNotConnected, "api_not_connected", 403, Disclosure.Holder)]
    public void Each_value_is_told_as_the_table_says(CredentialStatus status, string code, int httpStatus, Disclosure disclosure) =>
        IsTold(status, code, httpStatus, disclosure);
}
