using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.Net.Http.Headers;

namespace Signing.Management;

/// <summary>The files of the page, which are embedded: what is not in this list cannot be had, whatever a path looks like.</summary>
internal sealed class DashboardFiles
{
    private const string Folder = "Dashboard/";
    private const string ShellName = Folder + "index.html";
    private const string BaseMark = """<base href="/">""";

    private static readonly FrozenDictionary<string, string> MediaTypes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
        [".webmanifest"] = "application/manifest+json",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, DashboardFile> _files;
    private readonly string[] _shell;

    public DashboardFiles()
    {
        Assembly assembly = typeof(DashboardFiles).Assembly;
        string[] names = [.. assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Folder, StringComparison.Ordinal) && name != ShellName)];
        _files = names.ToFrozenDictionary(static name => name[Folder.Length..], name => FileOf(Read(assembly, name), MediaTypes[Path.GetExtension(name)]), StringComparer.Ordinal);
        _shell = Encoding.UTF8.GetString(Read(assembly, ShellName)).Split(BaseMark);
        if (_shell.Length != 2)
        {
            throw new InvalidOperationException($"{ShellName} must have {BaseMark} once.");
        }

        // All at once: each module names the next ones only when it is there, and every step waits for the network.
        string links = string.Concat(_files.Keys.Where(static name => name.EndsWith(".js", StringComparison.Ordinal) && name != "main.js").Order(StringComparer.Ordinal)
            .Select(static name => $"\n  <link rel=\"modulepreload\" href=\"assets/{name}\">"));
        _shell[1] = links + _shell[1];
    }

    /// <summary>The names of the files, as they follow <c>assets/</c>.</summary>
    public IEnumerable<string> Names => _files.Keys;

    public DashboardFile? Find(string? name) => name is null ? null : _files.GetValueOrDefault(name);

    /// <summary>Gives the page, whose links begin at an address.</summary>
    public string ShellAt(string address) => $"{_shell[0]}<base href=\"{HtmlEncoder.Default.Encode(address)}\">{_shell[1]}";

    private static DashboardFile FileOf(byte[] content, string mediaType) =>
        new(content, mediaType, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\""));

    private static byte[] Read(Assembly assembly, string name)
    {
        using Stream? stream = assembly.GetManifestResourceStream(name);
        if (stream is null)
        {
            throw new InvalidOperationException($"{name} is not embedded.");
        }

        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
