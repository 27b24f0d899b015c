using Signing.Tests.Support;

namespace Signing.Tests.Client.Model;

/// <summary>Random answers, the same in each run, against a model of what a client learns that is too simple to be wrong.</summary>
public sealed class ClientModelTests
{
    private static readonly int Seeds = Effort.Of(80);
    private static readonly int Storms = Effort.Of(12);

    [Fact]
    public async Task Whatever_servers_answer_a_client_signs_and_sends_what_the_model_says_and_an_honest_one_is_understood_after()
    {
        int lessons = 0;
        int recovered = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var run = new ClientModelRun(seed);
            await run.RunAsync(steps: 60);
            lessons += run.Lessons;
            recovered += run.Recovered;
        }

        Assert.True(lessons > Seeds * 5, $"Only {lessons} lessons.");
        Assert.True(recovered > Seeds / 2, $"Only {recovered} clients were understood.");
    }

    [Fact]
    public void Whatever_many_threads_learn_at_once_each_signs_what_it_must_and_an_honest_server_is_understood_after()
    {
        int sendings = 0;
        for (int seed = 0; seed < Storms; seed++)
        {
            using var storm = new ClientStorm(seed);
            storm.Run();
            sendings += storm.Sendings;
        }

        Assert.True(sendings > Storms * 200, $"Only {sendings} sendings.");
    }
}
