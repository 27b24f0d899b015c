using Signing.Tests.Support;

namespace Signing.Tests.Client.Around;

/// <summary>Random chains of other people's handlers around ours, with options that change between two attempts, against a model of what may leave for whom.</summary>
public sealed class AroundTests
{
    private static readonly int Seeds = Effort.Of(200);

    [Fact]
    public async Task Whatever_stands_around_ours_each_sending_has_the_tokens_of_its_origin_alone_and_one_signature_that_verifies()
    {
        (int sendings, int reloads, int thrown, int answers, int tokens, int signatures, int foreign) = (0, 0, 0, 0, 0, 0, 0);
        for (int seed = 0; seed < Seeds; seed++)
        {
            await using var run = new AroundRun(seed);
            await run.RunAsync(steps: 25);
            (sendings, reloads, thrown, answers) = (sendings + run.Sendings, reloads + run.Reloads, thrown + run.Exceptions, answers + run.Answers);
            (tokens, signatures, foreign) = (tokens + run.Tokens, signatures + run.Signatures, foreign + run.Foreign);
        }

        Assert.True(Math.Min(Math.Min(reloads, thrown), Math.Min(Math.Min(tokens, signatures), foreign)) > Seeds, "Something is rare.");
    }
}
