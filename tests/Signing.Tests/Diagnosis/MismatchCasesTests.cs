using Signing.AspNetCore;

namespace Signing.Tests.Diagnosis;

public sealed class MismatchCasesTests
{
    [Fact]
    public void The_secret_of_the_cases_has_the_checksum_that_the_server_writes() =>
        Assert.True(new CredentialFormat("acme").TryRead(MismatchCases.Secret, out _));
}
