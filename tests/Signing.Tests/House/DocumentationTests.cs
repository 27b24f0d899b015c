using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Signing.Tests.House;

public sealed partial class DocumentationTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void The_summary_of_a_public_member_is_one_sentence()
    {
        var summaries = Repository.Assemblies.SelectMany(PublicSummaries).ToList();

        Assert.NotEmpty(summaries);
        Offenders.None(summaries.Where(summary => !IsOneSentence(summary.Text)).Select(summary => $"{summary.Id}: {summary.Text}"));
    }

    [Theory]
    [InlineData("Gets the key id.", true)]
    [InlineData("RFC 9421 §2.5. Writes the base, e.g. for a log.", true)]
    [InlineData("Gets the key id", false)]
    [InlineData("", false)]
    [InlineData("Gets the key id. It is public.", false)]
    [InlineData("RFC 9421 §2.5.", false)]
    [InlineData("§4.2 step 7. Checks the end.", true)]
    [InlineData("Names the fields. A table.", true)]
    public void A_sentence_ends_once(string text, bool isOne)
    {
        Assert.Equal(isOne, IsOneSentence(text));
    }

    [Fact]
    public void A_type_that_follows_a_section_begins_with_it()
    {
        var offenders = from path in Repository.Sources("src/Signing")
                        let lines = Repository.Lines(path)
                        where lines.Any(line => ProtocolSection().IsMatch(line))
                        from line in Declarations.In(lines)
                        where !Declarations.Above(lines, line).Any(comment => OpeningSection().IsMatch(comment))
                        select path;

        Offenders.None(offenders);
    }

    [Fact]
    public void Every_package_has_a_readme_with_the_order_to_read_in_and_the_reasons()
    {
        Assert.All(Directory.GetDirectories(Path.Combine(Repository.Root, "src")), folder =>
        {
            var readme = Repository.Read($"src/{Path.GetFileName(folder)}/README.md");
            Assert.Contains("## Read the code in this order\n", readme);
            Assert.Contains("## Why it is this way\n", readme);
        });
    }

    [Fact]
    public void Every_file_that_a_readme_tells_to_read_is_there()
    {
        var named = from path in Repository.Text()
                    where path.EndsWith("README.md")
                    let folder = path[..^"README.md".Length]
                    from line in Repository.Lines(path).SkipWhile(line => line != "## Read the code in this order").Skip(1).TakeWhile(line => !line.StartsWith("## "))
                    from Match file in NamedFile().Matches(line.Split('|').ElementAtOrDefault(1) ?? "")
                    select folder + file.Groups[1].Value;

        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, file => !Repository.Has(file));
    }

    [Fact]
    public void Every_link_to_a_file_of_the_repository_leads_somewhere()
    {
        var links = from path in Repository.Text()
                    where path.EndsWith(".md")
                    from Match link in RelativeLink().Matches(Repository.Read(path))
                    select Path.Combine(Path.GetDirectoryName(path)!, link.Groups[1].Value);

        Assert.DoesNotContain(links, link => !Repository.Has(link));
    }

    private static bool IsOneSentence(string text)
    {
        var sentence = Section().Replace(text, "");
        return sentence.EndsWith('.') && !EndInside().IsMatch(sentence);
    }

    private static IEnumerable<(string Id, string Text)> PublicSummaries(Assembly assembly) =>
        from member in XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
        let id = (string)member.Attribute("name")!
        where member.Element("inheritdoc") is null && IsPublic(assembly, id)
        select (id, Flatten(member.Element("summary")));

    private static bool IsPublic(Assembly assembly, string id)
    {
        var name = id[2..].Split('(')[0];
        if (id[0] == 'T')
        {
            return assembly.GetType(name)?.IsVisible == true;
        }

        var type = assembly.GetType(name[..name.LastIndexOf('.')]);
        var member = name[(name.LastIndexOf('.') + 1)..].Split("``")[0].Replace("#ctor", ".ctor");
        return type?.IsVisible == true && type.GetMember(member, Declared).Any(IsVisible);
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        FieldInfo field => field.IsPublic || field.IsFamily,
        EventInfo added => IsVisible(added.AddMethod!),
        _ => true,
    };

    // A reference or a piece of code counts as a word, so that a dot in it ends nothing.
    private static string Flatten(XElement? summary)
    {
        if (summary is null)
        {
            return "";
        }

        foreach (var element in summary.Descendants().ToList())
        {
            element.ReplaceWith("x");
        }

        return Spaces().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"^(?:RFC \d+ )?§\d+(?:\.\d+)*(?: step \d+(?:\.\d+)*| and (?:RFC \d+ )?§\d+(?:\.\d+)*)*\. ?| A table\.$")]
    private static partial Regex Section();

    [GeneratedRegex(@"(?<!\be\.g|\bi\.e)[.!?] +\S")]
    private static partial Regex EndInside();

    // Of the type itself or of a line of its code; what a list says of its entries is not its own section.
    [GeneratedRegex(@"^\s*//(?!/).*RFC (?:9421|9530|9651) §|^/// .*RFC (?:9421|9530|9651) §")]
    private static partial Regex ProtocolSection();

    [GeneratedRegex(@"^/// <summary>RFC \d+ §\d|^// .*RFC \d+ §\d")]
    private static partial Regex OpeningSection();

    [GeneratedRegex(@"`([^`]+)`")]
    private static partial Regex NamedFile();

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)([^)#\s]+)")]
    private static partial Regex RelativeLink();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
