using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;

namespace Signing;

/// <summary>Lists what a content may have been before a handler or a proxy wrote it anew; one whose digest fits is proof.</summary>
internal static class ContentForms
{
    // Each form is built and hashed, a hundred of them.
    private const int MaxBytes = 256 * 1024;
    private const int MaxUnpacked = 16 * 1024 * 1024;

    /// <summary>Lists the unpacked content, if it is packed in a known way.</summary>
    public static IEnumerable<byte[]> Unpacked(byte[] content)
    {
        Func<Stream, Stream>[] codings =
        [
            static packed => new GZipStream(packed, CompressionMode.Decompress), static packed => new ZLibStream(packed, CompressionMode.Decompress),
            .. OperatingSystem.IsBrowser() ? Array.Empty<Func<Stream, Stream>>() : [Brotli], static packed => new DeflateStream(packed, CompressionMode.Decompress),
        ];
        foreach (var coding in codings)
        {
            if (TryUnpack(content, coding) is { Length: > 0 } unpacked)
            {
                yield return unpacked;
            }
        }
    }

    /// <summary>Lists the ways to write the same text, form or JSON.</summary>
    public static IEnumerable<byte[]> Rewritten(byte[] content)
    {
        if (content.Length > MaxBytes)
        {
            yield break;
        }

        var text = Encoding.UTF8.GetString(content.AsSpan().StartsWith("\uFEFF"u8) ? content.AsSpan(3) : content);
        string[] texts =
        [
            text, text + "\n", text + "\r\n", text.TrimEnd('\r', '\n'), text.ReplaceLineEndings("\n"), text.ReplaceLineEndings("\r\n"),
            text.Replace("+", "%20", StringComparison.Ordinal), text.Replace("%20", "+", StringComparison.Ordinal), string.Join('&', text.Split('&').Order(StringComparer.Ordinal)),
        ];
        foreach (var form in texts)
        {
            yield return Encoding.UTF8.GetBytes(form);
            yield return Encoding.Latin1.GetBytes(form);
            yield return [.. "\uFEFF"u8, .. Encoding.UTF8.GetBytes(form)];
        }

        foreach (var form in Json(text))
        {
            yield return Encoding.UTF8.GetBytes(form);
            yield return Encoding.UTF8.GetBytes(form + "\n");
        }
    }

    private static List<string> Json(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonForms.Of(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or with half of a surrogate pair in a string, which is no error here.
            return [];
        }
    }

    [UnsupportedOSPlatform("browser")]
    private static BrotliStream Brotli(Stream packed) => new(packed, CompressionMode.Decompress);

    private static byte[]? TryUnpack(byte[] content, Func<Stream, Stream> coding)
    {
        try
        {
            using var unpacking = coding(new MemoryStream(content));
            var buffer = new byte[81920];
            var unpacked = new MemoryStream();
            for (var read = unpacking.Read(buffer); read > 0 && unpacked.Length <= MaxUnpacked; read = unpacking.Read(buffer))
            {
                unpacked.Write(buffer, 0, read);
            }

            return unpacked.Length <= MaxUnpacked ? unpacked.ToArray() : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or IOException)
        {
            // Packed in another way, or not at all, which is no error here.
            return null;
        }
    }
}
