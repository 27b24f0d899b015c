using Signing.AspNetCore;

namespace Signing.Tests.Tokens;

public sealed class TokenIssuerTests
{
    [Fact]
    public async Task A_login_issues_tokens_that_verify_and_refresh()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();

        IssuedTokens first = await desk.LogInAsync();
        TokenVerdict verdict = await desk.VerifyAsync(first.AccessToken!);
        IssuedTokens second = await desk.RefreshAsync(first);

        Assert.Equal(TokenStatus.Valid, verdict.Status);
        Assert.Same(desk.Client, verdict.Credential);
        Assert.Equal(900, first.ExpiresIn);
        Assert.Equal(TokenStatus.Valid, second.Verdict.Status);
        Assert.Equal(1, second.Grant!.Sequence);
        Assert.NotEqual(first.AccessToken, second.AccessToken);
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.True((await desk.VerifyAsync(second.AccessToken!)).IsValid);
    }
}
