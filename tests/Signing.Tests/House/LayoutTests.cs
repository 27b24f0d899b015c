namespace Signing.Tests.House;

public sealed class LayoutTests
{
    private const string Core = "src/Signing";
    private const int MaxCoreLines = 200;

    private static readonly string[] EmptyFolderNames = ["Helpers", "Utils", "Common", "Interfaces", "Models", "Services", "Extensions"];
    private static readonly string[] EmptyTypeEndings = ["Manager", "Helper", "Factory", "Provider", "Accessor", "Utils"];

    [Fact]
    public void A_file_declares_one_type()
    {
        // An attribute of a whole module has a file of its own.
        var offenders = Repository.Sources("src").Where(path =>
            Declarations.In(Repository.Lines(path)).Count != (Repository.Lines(path).Any(line => line.StartsWith("[module:", StringComparison.Ordinal)) ? 0 : 1));

        Offenders.None(offenders);
    }

    [Fact]
    public void A_core_file_has_at_most_200_lines_unless_it_says_that_it_is_a_table()
    {
        var offenders = Repository.Sources(Core)
            .Where(path => Repository.Lines(path).Length > MaxCoreLines && !IsTable(path))
            .Select(path => $"{path}: {Repository.Lines(path).Length} lines");

        Offenders.None(offenders);
    }

    [Fact]
    public void A_folder_is_named_after_what_is_in_it()
    {
        var offenders = Repository.Text().Where(path => path.Split('/')[..^1].Any(EmptyFolderNames.Contains));

        Offenders.None(offenders);
    }

    [Fact]
    public void A_type_is_named_after_what_it_does()
    {
        var offenders = from assembly in Repository.Assemblies
                        from type in Shape.Written(assembly)
                        let name = type.Name.Split('`')[0]
                        where EmptyTypeEndings.Any(name.EndsWith) || StartsWithDefault(name)
                        select type.FullName;

        Offenders.None(offenders);
    }

    private static bool StartsWithDefault(string name) => name.StartsWith("Default") && name.Length > 7 && char.IsUpper(name[7]);

    // "A table." as a sentence of the comment above the type, or "// A table: …".
    private static bool IsTable(string path)
    {
        var lines = Repository.Lines(path);
        return Declarations.In(lines).Any(line => Declarations.Above(lines, line).Any(comment => comment.Contains("A table.") || comment.StartsWith("// A table:")));
    }
}
