using System.Text;

namespace Signing.Tests.Support;

/// <summary>Reads a file that somebody writes to just now, which Windows lets only those do who permit the writing.</summary>
internal static class FileInUse
{
    public static string ReadText(string path)
    {
        using StreamReader reader = Open(path);
        return reader.ReadToEnd();
    }

    public static IEnumerable<string> ReadLines(string path)
    {
        using StreamReader reader = Open(path);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static StreamReader Open(string path) => new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.UTF8);
}
