using Signing.Tests.Support;

namespace Signing.Tests.Replay.Model;

/// <summary>Random sequences, the same in each run, against a model of replay protection that is too simple to be wrong.</summary>
public sealed class ReplayModelTests
{
    private static readonly int Seeds = Effort.Of(80);

    [Fact]
    public async Task Whatever_callers_clocks_reloads_and_restarts_do_a_memory_answers_as_the_model_says()
    {
        int granted = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            var run = new StoreModelRun(seed);
            await run.RunAsync(steps: 120);
            granted += run.Granted;
        }

        Assert.True(granted > Seeds * 20, $"Only {granted} were granted.");
    }

    [Fact]
    public async Task Whatever_they_do_no_scheme_of_a_host_accepts_a_request_twice_or_refuses_one_without_reason()
    {
        int accepted = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var run = new VerifierModelRun(seed);
            await run.RunAsync(steps: 100);
            accepted += run.Accepted;
        }

        Assert.True(accepted > Seeds * 5, $"Only {accepted} were accepted.");
    }
}
