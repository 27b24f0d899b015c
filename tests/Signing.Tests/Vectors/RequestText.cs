using System.Text;
using Signing.Tests.Reference;

namespace Signing.Tests.Vectors;

/// <summary>Reads <c>request.http</c>: request line, header lines (a line that begins with a space continues the one before), content.</summary>
public static class RequestText
{
    private const string Version = " HTTP/1.1";

    public static ReferenceRequest Parse(string text, string scheme)
    {
        var split = text.IndexOf("\n\n", StringComparison.Ordinal);
        var head = (split < 0 ? text : text[..split]).Split('\n').Select(VectorFiles.Unmask).ToArray();
        var content = split < 0 ? "" : text[(split + 2)..];
        if (!head[0].EndsWith(Version, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"\"{head[0]}\" does not end with \"{Version}\".");
        }

        var methodEnd = head[0].IndexOf(' ', StringComparison.Ordinal);
        var target = head[0][methodEnd..^Version.Length];
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var line in head[1..])
        {
            if (line.StartsWith(' '))
            {
                fields[^1] = KeyValuePair.Create(fields[^1].Key, $"{fields[^1].Value}\r\n{line}");
                continue;
            }

            // A name may begin with a character that no field name has: "@method: GET" is one of the cases.
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            fields.Add(KeyValuePair.Create(line[..colon], line[(colon + 1)..]));
        }

        var authority = fields.Find(field => field.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)).Value?.Trim() ?? "";
        return new ReferenceRequest(head[0][..methodEnd], scheme, authority, target.Length == 0 ? "" : target[1..], fields, Encoding.UTF8.GetBytes(content));
    }
}
