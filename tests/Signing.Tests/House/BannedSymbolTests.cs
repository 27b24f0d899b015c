namespace Signing.Tests.House;

public sealed class BannedSymbolTests
{
    /// <summary>The symbols banned everywhere under src, and one that only the core may not use.</summary>
    private static readonly string[] Expected =
    [
        "P:System.DateTime.Now", "P:System.DateTime.UtcNow", "P:System.DateTimeOffset.Now", "P:System.DateTimeOffset.UtcNow",
        "P:System.Threading.Tasks.Task`1.Result", "M:System.Threading.Tasks.Task.Wait", "M:System.Threading.Thread.Sleep(System.Int32)",
    ];

    private static readonly string[] ExpectedInTheCore =
        ["T:System.Text.RegularExpressions.Regex", "M:System.Convert.FromBase64String(System.String)"];

    [Fact]
    public void What_the_house_bans_is_banned_and_each_ban_names_the_replacement()
    {
        var everywhere = BannedSymbol.Read("src/BannedSymbols.txt");
        var core = BannedSymbol.Read("src/Signing/BannedSymbols.txt");

        Assert.Superset(Expected.ToHashSet(), everywhere.Select(symbol => symbol.Id).ToHashSet());
        Assert.Superset(ExpectedInTheCore.ToHashSet(), core.Select(symbol => symbol.Id).ToHashSet());
        Assert.All(everywhere.Concat(core), symbol => Assert.Contains(' ', symbol.Replacement));
    }

    [Fact]
    public void The_build_reads_the_bans()
    {
        Assert.Contains("""<AdditionalFiles Include="$(MSBuildThisFileDirectory)BannedSymbols.txt" """, Repository.Read("src/Directory.Build.props"));
        Assert.Contains("""<AdditionalFiles Include="BannedSymbols.txt" """, Repository.Read("src/Directory.Build.props"));
        Assert.Contains("""<GlobalPackageReference Include="Microsoft.CodeAnalysis.BannedApiAnalyzers" """, Repository.Read("Directory.Packages.props"));
        Assert.Contains("""<GlobalPackageReference Include="Meziantou.Analyzer" """, Repository.Read("Directory.Packages.props"));
    }

    [Fact]
    public void No_package_refers_to_a_banned_symbol()
    {
        var everywhere = BannedSymbol.Read("src/BannedSymbols.txt");

        foreach (var assembly in Repository.Assemblies)
        {
            var own = $"src/{assembly.GetName().Name}/BannedSymbols.txt";
            var banned = Repository.Has(own) ? everywhere.Concat(BannedSymbol.Read(own)) : everywhere;

            Offenders.None(banned.Select(symbol => symbol.Member).Intersect(ReferencedMembers.Of(assembly)));
        }
    }

    [Fact]
    public void References_are_read_from_the_compiled_code()
    {
        var members = ReferencedMembers.Of(typeof(BannedSymbolTests).Assembly);

        Assert.Contains("System.Text.RegularExpressions.Regex", members);
        Assert.Contains("Xunit.Assert.Contains", members);
        Assert.Contains("System.Collections.Generic.IEnumerator`1.get_Current", members);
    }
}
