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
        collection.AddLogging().AddSingleton<IConfiguration>(configuration.Root);
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
}
