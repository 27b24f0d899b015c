using Signing.Tests.Fuzz;
using Signing.Tests.Support;

namespace Signing.Tests.Management.Tenants;

/// <summary>What one customer's administrators and programs are told does not depend on what other customers have and do, and what they do changes nothing of it.</summary>
public sealed class TenantTests
{
    private static readonly int Rounds = Effort.Of(120);

    [Fact]
    public async Task No_answer_depends_on_what_others_have_and_no_request_changes_it()
    {
        const int Seed = 2;
        await using TenantWorld alone = await TenantWorld.StartAsync(hasNeighbours: false);
        await using TenantWorld among = await TenantWorld.StartAsync(hasNeighbours: true);
        (Draw draw, Draw neighbours) = (new Draw(Seed), new Draw(Seed + 1));
        var statuses = new Dictionary<int, int>();
        for (int round = 0; round < Rounds; round++)
        {
            if (ManagementStore.TidiesAtOnce && draw.OneIn(20))
            {
                alone.Pass();
                among.Pass();
            }

            for (int i = neighbours.Below(4); i > 0; i--)
            {
                await among.Neighbours!.BotherAsync(neighbours);
            }

            (string own, string foreign) = await among.ReadAsync();
            bool isChanged = false;
            List<string> story = [];
            for (int i = draw.Below(4); i >= 0; i--)
            {
                TenantRequest request = TenantRequest.Drawn(draw, alone);
                (int status, string told) = await alone.SendAsync(request);
                (_, string toldAmong) = await among.SendAsync(request);
                story.Add($"{request} -> {status}");
                Assert.True(told == toldAmong, $"Round {round}:\n{string.Join('\n', story)}\nalone\n{told}\namong others\n{toldAmong}");
                isChanged |= request.Method != "GET" && status < 300;
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
                alone.Tick();
                among.Tick();
            }

            (string ownAfter, string foreignAfter) = await among.ReadAsync();
            Assert.True(foreign == foreignAfter, $"Round {round} has changed what is others':\n{string.Join('\n', story)}");
            Assert.True(isChanged || own == ownAfter, $"Round {round} has changed something though all was refused:\n{string.Join('\n', story)}");
        }

        Assert.Equal(alone.Named((await alone.ReadAsync()).Own), among.Named((await among.ReadAsync()).Own));
        Assert.Equal(alone.Refusals, among.Refusals);
        Assert.Superset(new HashSet<int> { 200, 201, 400, 403, 404, 409 }, statuses.Keys.ToHashSet());
    }
}
