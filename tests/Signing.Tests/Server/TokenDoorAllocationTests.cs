using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

public sealed class TokenDoorAllocationTests
{
    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("X-API-Key", "")]
    public void Judging_an_ApiToken_and_its_parent_allocates_nothing(string header, string before)
    {
        string token = new CredentialFormat(CredentialFormat.UsualPrefix).CreateApiToken("live");
        var configuration = new LiveConfiguration($$"""
            { "Signing": { "Credentials": [ { "Key": "k", "Secret": "0123456789abcdef" } ], "ApiTokens": [ { "Token": "{{token}}", "Parent": "k" } ] } }
            """);
        ServiceCollection collection = new();
        collection.AddLogging().AddSingleton(new LastUses(areWanted: true)).AddSingleton<IConfiguration>(configuration.Root);
        collection.AddAuthentication().AddMessageSignature().AddApiToken(options => options.Header = header);
        using ServiceProvider services = collection.BuildServiceProvider();
        TokenSchemes schemes = services.GetRequiredService<TokenSchemes>();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Headers[header] = before + token;

        Assert.Equal(0, Allocation.OfWarmed(() =>
        {
            ValueTask<TokenAnswer> answer = schemes.JudgeAsync(context, ApiTokenDefaults.AuthenticationScheme);
            Assert.True(answer.IsCompletedSuccessfully && answer.Result.Principal is not null);
        }));
    }

    [Fact]
    public async Task Judging_an_access_token_allocates_nothing()
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        var configuration = new LiveConfiguration("""{ "Signing": { "Credentials": [ { "Key": "k", "Secret": "0123456789abcdef" } ] } }""");
        ServiceCollection collection = new();
        collection.AddLogging().AddSingleton(new LastUses(areWanted: true)).AddSingleton<IConfiguration>(configuration.Root).AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        collection.AddSigningTokens(options =>
        {
            options.Issuer = new Uri(TokenApi.Issuer);
            options.AllowUnprotectedKeyRing = true;
        });
        collection.AddAuthentication().AddMessageSignature().AddAccessToken();
        await using ServiceProvider services = collection.BuildServiceProvider();
        await services.GetRequiredService<TokenKeys>().LoadAsync(cancelled);
        Credential? client = await services.GetRequiredService<ICredentialSource>().FindAsync("k", cancelled);
        IssuedTokens tokens = await services.GetRequiredService<TokenIssuer>().LogInAsync(new LogIn(client!, []), cancelled);
        TokenSchemes schemes = services.GetRequiredService<TokenSchemes>();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Headers.Authorization = $"Bearer {tokens.AccessToken}";

        Assert.Equal(0, Allocation.OfWarmed(() =>
        {
            ValueTask<TokenAnswer> answer = schemes.JudgeAsync(context, AccessTokenDefaults.AuthenticationScheme);
            Assert.True(answer.IsCompletedSuccessfully && answer.Result.Principal is not null);
        }));
    }

    [Fact]
    public void A_ticket_that_tells_its_end_takes_no_more_than_one_that_tells_nothing()
    {
        var user = new ClaimsPrincipal();
        TokenAnswer answer = TokenAnswer.Accepted(SignaturePrincipal.Of(new Credential("k"), "ApiToken", null), "k", DateTimeOffset.UnixEpoch);
        long told = Allocation.OfWarmed(() => GC.KeepAlive(new AuthenticationTicket(user, answer.ToProperties(), "ApiToken")));
        long bare = Allocation.OfWarmed(() => GC.KeepAlive(new AuthenticationTicket(user, "ApiToken")));

        Assert.InRange(told, 1, bare);
        Assert.Equal(DateTimeOffset.UnixEpoch, answer.ToProperties()!.ExpiresUtc);
    }

    [Fact]
    public void What_a_ticket_tells_can_be_changed_and_copied_as_any_other()
    {
        AuthenticationProperties told = TokenAnswer.Accepted(SignaturePrincipal.Of(new Credential("k"), "ApiToken", null), "k", DateTimeOffset.UnixEpoch).ToProperties()!;

        AuthenticationProperties copy = told.Clone();
        told.ExpiresUtc = null;
        told.IssuedUtc = DateTimeOffset.UnixEpoch.AddDays(1);

        Assert.Equal((DateTimeOffset.UnixEpoch, null), (copy.ExpiresUtc, copy.IssuedUtc));
        Assert.Equal((null, DateTimeOffset.UnixEpoch.AddDays(1)), (told.ExpiresUtc, told.IssuedUtc));
        Assert.Equal([".issued"], told.Items.Keys);
        Assert.Equal([".expires"], copy.Items.Select(item => item.Key));
    }
}
