#if !DEBUG // Code that is not optimised boxes generic structs, which is not what users run.
using Signing.AspNetCore;
using Signing.Tests.Support;
using Signing.Tests.Tokens;

namespace Signing.Tests.Allocations;

[Collection(Alone.Name)]
public sealed class TokenAllocationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Verifying_an_access_token_allocates_nothing(int refreshes)
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens tokens = await desk.LogInAsync();
        for (int i = 0; i < refreshes; i++)
        {
            tokens = await desk.RefreshAsync(tokens);
        }

        string token = tokens.AccessToken!;
        Assert.True((await desk.VerifyAsync(token)).IsValid);
        bool valid = true;

        Assert.Equal(0, Allocation.OfWarmed(() => valid &= Verify(desk, token) == TokenStatus.Valid));

        Assert.True(valid);
    }

    [Theory]
    [InlineData("sgn_access_", TokenStatus.MalformedToken)]
    [InlineData("changed", TokenStatus.TamperedToken)]
    [InlineData("revoked", TokenStatus.Revoked)]
    [InlineData("expired", TokenStatus.Expired)]
    [InlineData("suspended", TokenStatus.CredentialRefused)]
    public async Task Refusing_an_access_token_allocates_nothing(string what, TokenStatus expected)
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens tokens = await desk.LogInAsync();
        string token = what switch
        {
            "changed" => tokens.AccessToken![..^1] + (tokens.AccessToken![^1] == 'A' ? 'B' : 'A'),
            "sgn_access_" => what,
            _ => tokens.AccessToken!,
        };
        if (what == "revoked")
        {
            await desk.Store.RevokeAsync(tokens.Grant!.Id, RevocationReason.Operator, TestContext.Current.CancellationToken);
        }

        if (what == "expired")
        {
            desk.Time.Advance(TimeSpan.FromHours(1));
        }

        if (what == "suspended")
        {
            desk.Credentials.Set(new Credential(desk.Client.Key) { Id = desk.Client.Id, Status = StoredStatus.Suspended });
        }

        TokenStatus status = TokenStatus.None;

        Assert.Equal(0, Allocation.OfWarmed(() => status = Verify(desk, token)));

        Assert.Equal(expected, status);
    }

    // Where all is in memory, the answer is there at once.
    private static TokenStatus Verify(TokenDesk desk, string token)
    {
        ValueTask<TokenVerdict> verdict = desk.Verifier.VerifyAccessAsync(token, CancellationToken.None);
        return verdict.IsCompletedSuccessfully ? verdict.GetAwaiter().GetResult().Status : TokenStatus.None;
    }
}
#endif
