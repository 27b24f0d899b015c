using System.Text.RegularExpressions;

namespace Signing.Tests.House;

public sealed partial class SourceTests
{
    /// <summary>These tests have to write down what nobody else may.</summary>
    private const string ThisFolder = "tests/Signing.Tests/House/";

    [Fact]
    public void No_code_is_commented_out()
    {
        Offenders.None(Matches(Repository.Sources(), CommentedCode()));
    }

    [Fact]
    public void Nothing_is_left_to_do()
    {
        Offenders.None(Matches(Repository.Text(), Promise()));
    }

    [Fact]
    public void No_test_is_skipped()
    {
        Offenders.None(Matches(Repository.Sources("tests"), Skip()));
    }

    [Fact]
    public void A_suppression_in_code_gives_its_reason_on_the_same_line()
    {
        Assert.All(Matches(Repository.Sources(), Suppression()), line => Assert.Matches(Reason(), line));
    }

    [Fact]
    public void A_warning_that_a_project_turns_off_has_its_reason_on_the_line_above()
    {
        var offenders = from path in Repository.Text()
                        where path.EndsWith(".csproj") || path.EndsWith(".props") || path.EndsWith(".targets")
                        let lines = Repository.Lines(path)
                        from index in Enumerable.Range(0, lines.Length)
                        where lines[index].Contains("<NoWarn>") || lines[index].Contains("<WarningsNotAsErrors>")
                        where index == 0 || !lines[index - 1].TrimEnd().EndsWith("-->")
                        select $"{path}:{index + 1}";

        Offenders.None(offenders);
    }

    [Fact]
    public void A_rule_that_the_editorconfig_turns_off_has_its_reason_above()
    {
        var lines = Repository.Lines(".editorconfig");

        var offenders = Enumerable.Range(0, lines.Length)
            .Where(index => lines[index].EndsWith("= none") && !HasReason(lines, index))
            .Select(index => lines[index]);

        Assert.Contains(lines, line => line.EndsWith("= none"));
        Offenders.None(offenders);
    }

    [Fact]
    public void The_packages_document_every_public_member()
    {
        var silenced = Repository.Text("src").Append("Directory.Build.props").Append(".editorconfig").Where(path => Repository.Read(path).Contains("1591"));

        Assert.Contains("<GenerateDocumentationFile>true<", Repository.Read("Directory.Build.props"));
        Assert.Contains("<TreatWarningsAsErrors>true<", Repository.Read("Directory.Build.props"));
        Offenders.None(silenced);
    }

    [Fact]
    public void No_file_names_a_place_on_somebodys_machine()
    {
        var root = Repository.Root.TrimEnd('/', '\\');

        Offenders.None(Matches(Repository.Text(), MachinePath()));
        Assert.DoesNotContain(Repository.Text(), path => Repository.Read(path).Contains(root, StringComparison.Ordinal));
    }

    private static bool HasReason(string[] lines, int index) =>
        lines.Take(index).Reverse().SkipWhile(line => line.EndsWith("= none")).First().StartsWith("# ");

    private static IEnumerable<string> Matches(IEnumerable<string> paths, Regex pattern) =>
        from path in paths
        where !path.StartsWith(ThisFolder)
        let lines = Repository.Lines(path)
        from index in Enumerable.Range(0, lines.Length)
        where pattern.IsMatch(lines[index])
        select $"{path}:{index + 1}: {lines[index].Trim()}";

    // A call, an assignment or a jump with its semicolon, or the brace of a block.
    [GeneratedRegex(@"^\s*//(?!/)\s*(?:.*\w\(.*\)\s*;|.*\w =>? .*;|(?:return|throw|break|continue|using|yield|await)\b.*;|(?:.*\))?\s*[{}])\s*$")]
    private static partial Regex CommentedCode();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Promise();

    [GeneratedRegex(@"\bSkip(?:When|Unless|Exceptions)?\s*=|\bAssert\.Skip")]
    private static partial Regex Skip();

    [GeneratedRegex(@"#pragma warning disable|SuppressMessage\(|#nullable disable|UnconditionalSuppress")]
    private static partial Regex Suppression();

    [GeneratedRegex("""// \S+ \S+|Justification = "[^"]{10,}""")]
    private static partial Regex Reason();

    [GeneratedRegex(@"(?:^|[\s""'=(<>`:])(?:/(?:home|Users|root|work|mnt|tmp)/|[A-Za-z]:\\\\?[A-Za-z])|\.\./shared\b")]
    private static partial Regex MachinePath();
}
