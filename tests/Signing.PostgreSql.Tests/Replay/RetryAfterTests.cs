using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>What a caller is told who signed before the database remembers, and comes again when told.</summary>
public sealed class RetryAfterTests(SharedServer server) : ClaimTestBase(server)
{
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Who_signs_again_when_told_after_a_crash_is_accepted_at_once(int skewOfTheLast)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Clock = Time,
            PastTheFloor = false,
            Signature = static options => options.Policy = Policy,
            Build = builder => builder.Services.AddSingleton<IReplayStore>(Node()),
        });
        RequestDraft last = host.Draft();
        last.Created = Second(skewOfTheLast);
        Assert.Equal(200, (await host.SendAsync(last)).Status);

        Tables.LoseMemory();
        RawAnswer refused = await host.SendAsync(host.Draft());
        Assert.Equal((503, "replay_before_floor"), (refused.Status, refused.Code));
        Time.Advance(TimeSpan.FromSeconds(int.Parse(refused["Retry-After"]!, CultureInfo.InvariantCulture)));

        RawAnswer again = await host.SendAsync(host.Draft());
        Assert.Equal((200, null), (again.Status, again.Code));
        Assert.InRange(int.Parse(refused["Retry-After"]!, CultureInfo.InvariantCulture), 1, 8);
    }
}
