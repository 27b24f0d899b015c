using Signing.Tests.Support;

namespace Signing.Tests.Samples;

/// <summary>samples/TokenRefresh, as a reader runs it.</summary>
public sealed class TokenRefreshSampleTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_go_on_through_refreshes_a_revoked_login_and_a_restart()
    {
        await using SampleProcess sample = SampleProcess.Start("TokenRefresh", []);

        (int exitCode, string output) = await sample.EndAsync(Cancelled);

        Assert.Contains(" 0 failed, 1 failed as intended; 2 logins", output, StringComparison.Ordinal);
        Assert.Contains("the operator revokes the login", output, StringComparison.Ordinal);
        Assert.Contains("the API is back, and its grants with it", output, StringComparison.Ordinal);
        Assert.DoesNotContain("demo_secret_", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }
}
