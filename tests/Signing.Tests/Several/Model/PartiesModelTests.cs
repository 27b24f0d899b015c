using Signing.Tests.Support;

namespace Signing.Tests.Several.Model;

/// <summary>Random requests of several parties against the model.</summary>
public sealed class PartiesModelTests
{
    [Theory]
    [InlineData(1, Door.Scheme)]
    [InlineData(2, Door.Middleware)]
    public async Task Each_answer_is_what_the_documents_say(int seed, Door door)
    {
        var run = new PartiesModelRun(seed, door);

        int steps = Effort.Of(800);
        await run.RunAsync(steps);

        Assert.True(run.Accepted > steps / 10, $"{run.Accepted} were accepted.");
    }
}
