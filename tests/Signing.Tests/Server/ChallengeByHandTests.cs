using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>An endpoint may challenge by itself, whatever its authorization.</summary>
public sealed class ChallengeByHandTests
{
    [Fact]
    public async Task Of_two_schemes_challenged_one_after_the_other_both_are_named_and_one_says_why()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Map = app => app.Map("/asks", () => Results.Challenge(authenticationSchemes: ["Signature", "AccessToken"])).AllowAnonymous(),
        });
        RequestDraft unsigned = api.Host.Draft(target: "/asks");
        unsigned.Signed = false;

        RawAnswer answer = await api.Host.SendAsync(unsigned);

        Assert.Equal((401, "missing_signature"), (answer.Status, answer.Code));
        Assert.Equal(["Signature error=\"missing_signature\"", "Bearer"], answer.All("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_host_may_add_fields_to_its_challenge()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = Door.Scheme,
            Map = app => app.Map("/asks", async context =>
            {
                await context.ChallengeAsync();
                context.Response.Headers["X-Help"] = "https://api.example.com/help";
            }).AllowAnonymous(),
        });
        RequestDraft unsigned = host.Draft(target: "/asks");
        unsigned.Signed = false;

        RawAnswer answer = await host.SendAsync(unsigned);

        Assert.Equal((401, "missing_signature", "https://api.example.com/help"), (answer.Status, answer.Code, answer["X-Help"]));
    }
}
