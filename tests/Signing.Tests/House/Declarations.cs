using System.Text.RegularExpressions;

namespace Signing.Tests.House;

/// <summary>Finds the types a source file declares outside of other types; the layout rules put those at the left margin.</summary>
internal static partial class Declarations
{
    /// <summary>The line numbers, from 0, at which a type starts.</summary>
    public static IReadOnlyList<int> In(string[] lines) => [.. Enumerable.Range(0, lines.Length).Where(index => Declaration().IsMatch(lines[index]))];

    /// <summary>The comments and attributes directly above a line, from top to bottom.</summary>
    public static IReadOnlyList<string> Above(string[] lines, int line) =>
        [.. lines.Take(line).Reverse().TakeWhile(text => text.StartsWith("//") || text.StartsWith('[') || text.StartsWith('#')).Reverse()];

    [GeneratedRegex(@"^(?:(?:public|internal|file|static|abstract|sealed|readonly|ref|partial|unsafe|record) )*(?:class|struct|interface|enum|record|delegate) ")]
    private static partial Regex Declaration();
}
