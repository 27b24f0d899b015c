using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;

namespace Signing.Packages.Tests;

public sealed class PackageTests
{
    private const string Both = "net8.0 net10.0";
    private const string Tool = "Signing.Tool";

    /// <summary>The projects under src, each with the frameworks its package promises.</summary>
    public static TheoryData<string, string> Packages => new()
    {
        { "Signing", Both },
        { "Signing.Client", Both },
        { "Signing.AspNetCore", "net10.0" },
        { "Signing.Management", "net10.0" },
        { "Signing.PostgreSql", "net10.0" },
    };

    public static TheoryData<string> Names => [.. Packages.Select(row => row.Data.Item1), Tool];

    [Fact]
    public void Every_project_under_src_is_a_package_tested_here()
    {
        var projects = Directory.GetDirectories(Path.Combine(Package.RepositoryRoot, "src")).Select(Path.GetFileName);

        Assert.Equal(projects.Order(), Names.Select(row => (string?)row.Data).Order());
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_has_an_assembly_and_its_documentation_for_each_framework(string name, string frameworks)
    {
        using var package = new Package(name, "nupkg");

        var expected = frameworks.Split(' ').SelectMany(framework => new[] { $"lib/{framework}/{name}.dll", $"lib/{framework}/{name}.xml" });
        Assert.Equal(expected.Order(), package.Files.Where(file => file.StartsWith("lib/", StringComparison.Ordinal)).Order());
        Assert.All(frameworks.Split(' '), framework =>
            Assert.NotEmpty(XDocument.Load(new MemoryStream(package.Read($"lib/{framework}/{name}.xml"))).Descendants("members")));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Symbols_come_in_a_package_of_their_own(string name, string frameworks)
    {
        using var symbols = new Package(name, "snupkg");

        var expected = frameworks.Split(' ').Select(framework => $"lib/{framework}/{name}.pdb");
        Assert.Equal(expected.Order(), symbols.Files.Where(file => file.StartsWith("lib/", StringComparison.Ordinal)).Order());
        Assert.All(expected, file => Assert.Equal("BSJB", Encoding.ASCII.GetString(symbols.Read(file).AsSpan(0, 4))));
    }

    [Fact]
    public void The_tool_is_a_package_of_a_command_with_all_that_it_needs()
    {
        using var package = new Package(Tool, "nupkg");

        Assert.Equal(["DotnetTool"], package.Types);
        Assert.Contains("<Command Name=\"signing\" EntryPoint=\"Signing.Tool.dll\" Runner=\"dotnet\"", Encoding.UTF8.GetString(package.Read("tools/net10.0/any/DotnetToolSettings.xml")), StringComparison.Ordinal);
        string[] assemblies = ["Signing.Tool.dll", "Signing.dll", "Signing.Client.dll", "System.CommandLine.dll", "Microsoft.Extensions.Http.dll", "Signing.Tool.runtimeconfig.json"];
        Assert.All(assemblies, file => Assert.Contains($"tools/net10.0/any/{file}", package.Files));
        Assert.DoesNotContain(package.Files, file => file.StartsWith("lib/", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_shows_licence_description_and_the_projects_own_readme(string name)
    {
        using var package = new Package(name, "nupkg");

        Assert.Equal("MIT", package["license"]);
        Assert.Equal("README.md", package["readme"]);
        Assert.True(package["description"]?.Length > 40, "the description says too little");
        Assert.Contains("rfc9421", package["tags"], StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Package.RepositoryRoot, "src", name, "README.md")), package.Read("README.md"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_has_the_icon_of_128_by_128_pixels(string name)
    {
        using var package = new Package(name, "nupkg");

        Assert.Equal("icon.png", package["icon"]);
        var icon = package.Read("icon.png").AsSpan();
        Assert.Equal("PNG", Encoding.ASCII.GetString(icon[1..4]));
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(icon[16..]));
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(icon[20..]));
    }

    [Theory]
    [InlineData("Signing", "")]
    [InlineData("Signing.Client", "Microsoft.Extensions.Http Microsoft.Extensions.Options Microsoft.Extensions.Options.ConfigurationExtensions Signing")]
    [InlineData("Signing.AspNetCore", "Signing")]
    [InlineData("Signing.Management", "Microsoft.AspNetCore.OpenApi Microsoft.OpenApi Signing.AspNetCore")]
    [InlineData("Signing.PostgreSql", "Npgsql Signing.AspNetCore")]
    [InlineData(Tool, "")]
    public void A_package_depends_on_no_more_than_it_says(string name, string dependencies)
    {
        using var package = new Package(name, "nupkg");

        var actual = package.Dependencies.Select(dependency => (string?)dependency.Attribute("id")).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(dependencies, string.Join(' ', actual));
    }

    [Fact]
    public void A_host_of_the_management_can_describe_its_own_API_too()
    {
        using var package = new Package("Signing.Management", "nupkg");

        // The source generator of this package runs in the host in any case; what it writes compiles with its build files alone.
        var openApi = Assert.Single(package.Dependencies, dependency => (string?)dependency.Attribute("id") == "Microsoft.AspNetCore.OpenApi");
        Assert.Equal("All", (string?)openApi.Attribute("include"));
        Assert.Null(openApi.Attribute("exclude"));
    }
}
