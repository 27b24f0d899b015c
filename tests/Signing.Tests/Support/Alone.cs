// Some tests wait, for a process to start or a caller that is too slow: others have the processors meanwhile.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace Signing.Tests.Support;

/// <summary>The collection of tests that run while no other does, because they measure what the process shares: pools and memory.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
