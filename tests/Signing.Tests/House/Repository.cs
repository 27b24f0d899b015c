using System.Reflection;

namespace Signing.Tests.House;

/// <summary>The working tree these tests were built from, without what builds and editors leave there.</summary>
internal static class Repository
{
    private static readonly string[] Leftovers =
        ["bin", "obj", "artifacts", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts", ".git", ".vs", ".vscode", ".idea"];

    private static readonly string[] TextFiles =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".md", ".json", ".txt", ".sh", ".yml", ".editorconfig", ".gitignore", ".gitattributes", ""];

    /// <summary>Written into this assembly by its project, so it is right wherever the tests run from.</summary>
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>The packages: each folder under src is one, and its assembly has its name.</summary>
    public static IReadOnlyList<Assembly> Assemblies =>
        [.. Directory.GetDirectories(Path.Combine(Root, "src")).Select(folder => Assembly.Load(Path.GetFileName(folder)))];

    /// <summary>Every text file below a folder of the repository, as a path relative to the root.</summary>
    public static IReadOnlyList<string> Text(string folder = "") =>
        [.. Walk(Path.Combine(Root, folder)).Where(IsText).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Sources(string folder = "") => [.. Text(folder).Where(path => path.EndsWith(".cs"))];

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Has(string path) => Path.Exists(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string folder) => Directory.GetFiles(folder)
        .Concat(Directory.GetDirectories(folder).Where(child => !Leftovers.Contains(Path.GetFileName(child))).SelectMany(Walk));

    private static bool IsText(string path) => TextFiles.Contains(Path.GetExtension(path));
}
