using Signing.Tests.Support;

namespace Signing.Tests.Responses.Model;

/// <summary>Random answers of our server, changed on their way, against a model of what a cautious client hands on.</summary>
public sealed class AnswersModelTests
{
    private static readonly int Seeds = Effort.Of(48);

    private static readonly int Storms = Effort.Of(16);

    [Fact]
    public async Task Whatever_is_done_to_an_answer_on_its_way_what_is_handed_on_is_what_the_server_wrote_and_all_else_is_refused_by_its_code()
    {
        (int given, int broken) = (0, 0);
        var codes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int seed = 0; seed < Seeds; seed++)
        {
            await using var run = new AnswersRun(seed);
            await run.RunAsync(steps: 60);
            (given, broken) = (given + run.Given, broken + run.Broken);
            foreach ((string code, int count) in run.Codes)
            {
                codes[code] = codes.GetValueOrDefault(code) + count;
            }
        }

        Assert.True(given > Seeds * 10 && broken > Seeds / 2, $"{given} were handed on, {broken} broke off.");
        Assert.Superset(
            new HashSet<string>(["missing_signature", "insufficient_coverage", "missing_component", "invalid_credential", "digest_mismatch", "body_too_large", "missing_digest", "too_old", "created_in_future"]),
            codes.Keys.ToHashSet());
    }

    [Fact]
    public async Task Whoever_of_many_threads_leaves_the_others_get_their_own_signed_answers_and_one_token()
    {
        (int answered, int left) = (0, 0);
        for (int seed = 0; seed < Storms; seed++)
        {
            await using var storm = new LeavingStorm(seed);
            await storm.RunAsync();
            (answered, left) = (answered + storm.Answered, left + storm.Left);
        }

        Assert.True(answered > Storms * 40 && left > 0, $"{answered} were answered, {left} left.");
    }
}
