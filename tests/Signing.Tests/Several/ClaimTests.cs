using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Several;

/// <summary>Which of the schemes that an endpoint asks claims a signature, and where.</summary>
public sealed class ClaimTests
{
    [Fact]
    public async Task Each_of_two_signatures_on_a_request_is_claimed_for_itself()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(
            Door.Scheme, map: app => app.Map("/each", SeveralHost.Answer).RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Caller,Gateway" }));
        RequestDraft gateway = host.Gateway(host.Caller("/each"), covers: false);
        RequestDraft replayed = host.Gateway(host.Caller("/each"), covers: false);
        replayed.Nonce = gateway.Nonce;

        RawAnswer first = await host.SendAsync(gateway);
        RawAnswer second = await host.SendAsync(replayed);

        Assert.Equal((200, "2", SeveralHost.GatewayKey), (first.Status, first["X-Identities"], first["X-Gateway"]));
        Assert.Equal((200, "1", "none"), (second.Status, second["X-Identities"], second["X-Gateway"]));
    }

    [Fact]
    public async Task One_signature_is_claimed_in_each_of_two_stores()
    {
        var clock = new ManualTimeProvider();
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = Door.Scheme,
            Clock = clock,
            Build = builder => builder.Services.AddKeyedSingleton<IReplayStore>(
                "Former", (_, _) => new InMemoryReplayStore(new VerificationPolicy(), new ReplayOptions { FloorAtStart = false }, clock)),
            Schemes = authentication => authentication.AddMessageSignature("Former"),
            Map = app => app.Map("/each", () => "Executed.").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Signature,Former" }),
        });
        RequestDraft draft = host.Draft(target: "/each");

        Assert.Equal(200, (await host.SendAsync(draft)).Status);
        RawAnswer again = await host.SendAsync(draft);

        Assert.Equal((401, "replayed"), (again.Status, again.Code));
    }
}
