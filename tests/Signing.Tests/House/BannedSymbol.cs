namespace Signing.Tests.House;

/// <summary>One line of a BannedSymbols.txt: the documentation id of the symbol, and what to use in its place.</summary>
internal sealed record BannedSymbol(string Id, string Replacement)
{
    /// <summary>The member as compiled code names it: a property by its getter, a method without its parameters, a type alone.</summary>
    public string Member
    {
        get
        {
            var name = Id[2..].Split('(')[0];
            return Id[0] == 'P' ? name.Insert(name.LastIndexOf('.') + 1, "get_") : name;
        }
    }

    public static IReadOnlyList<BannedSymbol> Read(string path) =>
        [.. Repository.Lines(path).Select(line => line.Split(';', 2)).Select(parts => new BannedSymbol(parts[0], parts.ElementAtOrDefault(1) ?? ""))];
}
