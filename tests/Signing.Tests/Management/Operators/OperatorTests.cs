using Signing.Tests.Support;

namespace Signing.Tests.Management.Operators;

/// <summary>Whatever people and programs ask of the admin API in whatever order, its answers, rows and audit, and what the host then accepts, are what the documents say; the orders are drawn by a seed.</summary>
public sealed class OperatorTests
{
    private static readonly int Steps = Effort.Of(60);

    [Theory]
    [InlineData(24)]
    [InlineData(31)]
    public Task Whatever_is_asked_by_whomever_in_whatever_order_is_answered_as_the_documents_say(int seed) => Sequence.PlayAsync(seed, sequence => sequence.RunAsync(Steps));

    [Theory]
    [InlineData(2)]
    public Task Whoever_lists_counts_or_asks_for_themselves_is_told_what_is_there_for_them_to_see(int seed) => Sequence.PlayAsync(seed, sequence => sequence.LookAsync(Steps));
}
