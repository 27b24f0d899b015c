using System.Text;

namespace Signing.Tool;

/// <summary>Reads files that arguments name, and the standard input where one says <c>-</c>.</summary>
internal static class InputFile
{
    private const int MaxBytes = 64 * 1024 * 1024;
    private const int CloseOnExec = 0x80000;

    /// <summary>Reads all bytes.</summary>
    /// <exception cref="ToolFailure">There is no such file, it cannot be read, its name is empty, or it is larger than 64 MiB.</exception>
    /// <exception cref="OperationCanceledException">Ctrl+C was pressed.</exception>
    public static Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken) => path.Length == 0
        ? throw ToolFailure.Usage("The name of a file is empty.")
        : Task.Run(() => OpenAndReadAsync(path, cancellationToken), CancellationToken.None).WaitAsync(cancellationToken);

    /// <summary>Reads UTF-8 text, a byte order mark at its beginning aside.</summary>
    /// <exception cref="ToolFailure">As above, or it is not UTF-8.</exception>
    public static async Task<string> ReadTextAsync(string path, CancellationToken cancellationToken)
    {
        byte[] bytes = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw ToolFailure.Usage($"{Name(path)} is not UTF-8 text.");
        }
    }

    // On a thread of its own: nothing ends the wait at a terminal, or for the other end of a pipe, and Ctrl+C is heard only beside it.
    private static async Task<byte[]> OpenAndReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (path == "-" && IsInputClosed())
            {
                throw ToolFailure.Usage("The standard input is closed, and - says that it is to be read.");
            }

            Stream stream = path == "-" ? Console.OpenStandardInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await using (stream.ConfigureAwait(false))
            {
                return await ReadAsync(stream, path, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string remedy = exception is FileNotFoundException or DirectoryNotFoundException ? " A text itself is given on the standard input, with - as the file." : "";
            throw ToolFailure.Usage(Directory.Exists(path) ? $"{Name(path)} is a folder." : $"{Name(path)} cannot be read: {exception.Message}{remedy}");
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, string path, CancellationToken cancellationToken)
    {
        var content = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > MaxBytes)
            {
                throw ToolFailure.Usage($"{Name(path)} is larger than 64 MiB.");
            }
        }

        return content.ToArray();
    }

    // Where a shell has closed it (<&-), the runtime has put a pipe of its own in its place, on which nothing ever comes; what a program was started with has not the mark of such.
    private static bool IsInputClosed()
    {
        const string Descriptor = "/proc/self/fdinfo/0";
        string? flags = File.Exists(Descriptor) ? Array.Find(File.ReadAllLines(Descriptor), line => line.StartsWith("flags:", StringComparison.Ordinal)) : null;
        return flags is not null && (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & CloseOnExec) != 0;
    }

    private static string Name(string path) => path == "-" ? "The standard input" : $"The file {Printable.Of(path)}";
}
