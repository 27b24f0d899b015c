using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace Signing.Packages.Tests;

/// <summary>One package of this build, opened: its files and its manifest.</summary>
internal sealed class Package : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly XElement _metadata;

    public Package(string name, string extension)
    {
        var path = Assert.Single(Directory.GetFiles(Metadata("Packages"), $"{name}.*.{extension}"), file => IsVersionOf(name, file));
        _archive = ZipFile.OpenRead(path);
        using var manifest = Entry($"{name}.nuspec").Open();
        var root = XDocument.Load(manifest).Root!;
        _metadata = root.Element(root.Name.Namespace + "metadata")!;
    }

    public static string RepositoryRoot => Metadata("RepositoryRoot");

    public IEnumerable<string> Files => _archive.Entries.Select(entry => entry.FullName);

    public IEnumerable<XElement> Dependencies => _metadata.Descendants(_metadata.Name.Namespace + "dependency");

    /// <summary>What it is a package of, where it says so.</summary>
    public IEnumerable<string?> Types => _metadata.Descendants(_metadata.Name.Namespace + "packageType").Select(type => (string?)type.Attribute("name"));

    public string? this[string element] => _metadata.Element(_metadata.Name.Namespace + element)?.Value;

    public byte[] Read(string file)
    {
        using var content = Entry(file).Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    public void Dispose() => _archive.Dispose();

    private ZipArchiveEntry Entry(string file)
    {
        var entry = _archive.GetEntry(file);
        Assert.True(entry is not null, $"{file} is not among {string.Join(", ", Files)}");
        return entry;
    }

    private static bool IsVersionOf(string name, string file) => char.IsAsciiDigit(Path.GetFileName(file)[name.Length + 1]);

    private static string Metadata(string key) =>
        typeof(Package).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
