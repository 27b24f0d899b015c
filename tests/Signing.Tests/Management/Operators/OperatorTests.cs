using Signing.Tests.Support;

namespace Signing.Tests.Management.Operators;

/// <summary>Whatever people and programs ask of the admin API in whatever order, its answers, rows and audit, and what the host then accepts, are what the documents say; the orders are drawn by a seed.</summary>
public sealed class OperatorTests
{
    private static readonly int Steps = Effort.Of(60);

    [Theory]
    [InlineData(24)]
    [InlineData(31)]
    public async Task Whatever_is_asked_by_whomever_in_whatever_order_is_answered_as_the_documents_say(int seed)
    {
        await using Sequence sequence = await Sequence.StartAsync(seed);
        try
        {
            await sequence.RunAsync(Steps);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new InvalidOperationException($"The last calls of seed {seed}:\n{string.Join('\n', sequence.Story.TakeLast(5))}", exception);
        }
    }
}
