using Signing.Tests.Support;

namespace Signing.Tests.Client.Leaving;

/// <summary>Callers who are cancelled, or run into their timeout, at random places, among others who wait for the same token.</summary>
public sealed class LeavingTests
{
    private static readonly int Seeds = Effort.Of(80);

    [Fact]
    public async Task Whoever_leaves_wherever_sees_that_it_left_and_the_others_get_the_token_and_their_answers()
    {
        (int left, int stayed) = (0, 0);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int seed = 0; seed < Seeds; seed++)
        {
            await using var run = new LeavingRun(seed);
            await run.RunAsync(rounds: 12);
            (left, stayed) = (left + run.Left, stayed + run.Stayed);
            foreach ((string place, int count) in run.Places)
            {
                places[place] = places.GetValueOrDefault(place) + count;
            }
        }

        Assert.True(Math.Min(left, stayed) > Seeds * 5, $"{left} left, {stayed} stayed.");
        Assert.Superset(new HashSet<string>(["login", "body", "send 1", "wait", "refresh", "send 2", "content"]), places.Keys.ToHashSet());
    }
}
