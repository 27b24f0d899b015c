using System.Reflection;
using System.Text;

namespace Signing.PostgreSql;

// The statements, each a file of its own under its name. In the files every table is one of the schema "signing"; another
// schema takes its place here, once.
internal sealed class SqlText(string schema)
{
    private const string UsualSchema = "signing.";

    private static readonly Dictionary<string, string> Files = Read();

    private readonly Dictionary<string, string> _files = Files.ToDictionary(file => file.Key, file => file.Value.Replace(UsualSchema, schema + ".", StringComparison.Ordinal), StringComparer.Ordinal);

    public static IEnumerable<string> Names => Files.Keys;

    public string this[string name] => _files[name];

    private static Dictionary<string, string> Read()
    {
        Assembly assembly = typeof(SqlText).Assembly;
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)))
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            files.Add(Path.GetFileNameWithoutExtension(name), reader.ReadToEnd());
        }

        return files;
    }
}
