using Signing.Tests.Management.Operators;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Rows;

/// <summary>What people and programs ask of the admin API, answered by PostgreSQL as the documents say.</summary>
public sealed class OperatorsOnPostgreSqlTests
{
    private static readonly int Steps = Effort.Of(30);

    [Fact]
    public Task Whatever_is_asked_by_whomever_in_whatever_order_is_answered_as_the_documents_say() => Sequence.PlayAsync(302, sequence => sequence.RunAsync(Steps));

    [Fact]
    public Task Whoever_lists_counts_or_asks_for_themselves_is_told_what_is_there_for_them_to_see() => Sequence.PlayAsync(305, sequence => sequence.LookAsync(Steps));
}
