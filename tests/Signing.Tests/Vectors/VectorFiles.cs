using System.Text;

namespace Signing.Tests.Vectors;

/// <summary>The files of one vector. A file that nobody asked for is an error: it would look like part of the case and say nothing.</summary>
public sealed class VectorFiles
{
    private static readonly Dictionary<string, string> Files = typeof(VectorFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("Vectors/", StringComparison.Ordinal))
        .ToDictionary(name => name["Vectors/".Length..].Replace('\\', '/'), StringComparer.Ordinal);

    private readonly Dictionary<string, string> _unread;

    // A note is for the reader of the case only.
    private VectorFiles(string name, IEnumerable<(string File, string Path)> files)
    {
        Name = name;
        _unread = files.Where(file => file.File != "note.txt").ToDictionary(file => file.File, file => file.Path, StringComparer.Ordinal);
    }

    public string Name { get; }

    public static IReadOnlyDictionary<string, T> Load<T>(string kind, Func<VectorFiles, T> read)
    {
        var vectors = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var group in Files.Keys.Select(path => path.Split('/', 3)).Where(parts => parts[0] == kind).GroupBy(parts => parts[1], StringComparer.Ordinal))
        {
            var files = new VectorFiles(group.Key, group.Select(parts => (parts[2], string.Join('/', parts))));
            vectors.Add(files.Name, read(files));
            if (files._unread.Count > 0)
            {
                throw new InvalidDataException($"{kind}/{files.Name} has files of no meaning: {string.Join(", ", files._unread.Keys)}");
            }
        }

        return vectors;
    }

    public static string ReadShared(string name) => Read(name);

    public string? TryReadText(string name) => _unread.Remove(name, out var path) ? Read(path) : null;

    public string ReadText(string name) => TryReadText(name) ?? throw new InvalidDataException($"{Name} has no {name}.");

    public IReadOnlyList<string> TryReadLines(string name) => TryReadText(name)?.Split('\n').Select(Unmask).ToList() ?? [];

    // A picture (␀ … ␠, ␡) stands for the character that an editor would hide or spoil.
    public static string Unmask(string line) => string.Concat(line.Select(c => c switch
    {
        >= '\u2400' and <= '\u2420' => (char)(c - '\u2400'),
        '\u2421' => '\x7f',
        _ => c,
    }));

    // The last line end belongs to the file.
    private static string Read(string path)
    {
        using var reader = new StreamReader(typeof(VectorFiles).Assembly.GetManifestResourceStream(Files[path])!, Encoding.UTF8);
        var text = reader.ReadToEnd();
        return text.EndsWith('\n') && !text.Contains('\r', StringComparison.Ordinal)
            ? text[..^1]
            : throw new InvalidDataException($"{path} has to end with a line feed and have no carriage returns.");
    }
}
