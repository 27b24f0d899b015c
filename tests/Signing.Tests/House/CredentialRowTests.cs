using System.Text.RegularExpressions;

namespace Signing.Tests.House;

/// <summary>Each row of what operators do with credentials begins the name of a test, here or among the browser's.</summary>
public sealed partial class CredentialRowTests
{
    // Two sign-up rows of the list, K1 and K2, are the host's own work.
    private static readonly string[] Rows =
        [.. Of('E', 1, 14), .. Of('L', 1, 14), .. Of('K', 3, 17), .. Of('S', 1, 12), .. Of('P', 1, 21)];

    [Fact]
    public void Each_row_begins_the_name_of_a_test()
    {
        HashSet<string> named = [.. from path in Repository.Sources("tests")
                                    from Match method in TestName().Matches(Repository.Read(path))
                                    from Capture row in method.Groups["row"].Captures
                                    select row.Value];

        Assert.Empty(Rows.Except(named));
    }

    [GeneratedRegex(@"public (?:async Task|void) (?:(?<row>[EKLPS]\d{1,2})_)+[A-Za-z]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TestName();

    private static IEnumerable<string> Of(char group, int first, int last) => Enumerable.Range(first, last - first + 1).Select(number => $"{group}{number}");
}
