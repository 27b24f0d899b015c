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
}
