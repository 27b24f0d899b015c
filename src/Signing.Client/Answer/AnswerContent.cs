using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;

namespace Signing.Client;

/// <summary>Looks into the content of an answer, up to a limit, and leaves all of it to whoever reads it after.</summary>
internal static class AnswerContent
{
    /// <summary>The bytes of an answer that are looked at; of a longer one nothing is.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Gets the content.</summary>
    /// <returns>All of it; empty if it is longer than <see cref="MaxBytes"/>, or breaks off.</returns>
    public static async Task<ReadOnlyMemory<byte>> PeekAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > MaxBytes)
        {
            return default;
        }

        Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[MaxBytes + 1];
        int length = 0;
        try
        {
            int read;
            do
            {
                read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                length += read;
            }
            while (read > 0 && length < buffer.Length);
        }
        catch (IOException broken)
        {
            // The caller meets it where it would have met it: behind what came before.
            return PutBack(response, stream, buffer.AsMemory(0, length), ExceptionDispatchInfo.Capture(broken));
        }

        return PutBack(response, stream, buffer.AsMemory(0, length), broken: null);
    }

    private static ReadOnlyMemory<byte> PutBack(HttpResponseMessage response, Stream rest, ReadOnlyMemory<byte> read, ExceptionDispatchInfo? broken)
    {
        HttpContent original = response.Content;
        var content = new StreamContent(new ReadAheadStream(read, rest, broken, original));
        foreach (KeyValuePair<string, HeaderStringValues> header in original.Headers.NonValidated)
        {
            foreach (string value in header.Value)
            {
                content.Headers.TryAddWithoutValidation(header.Key, value);
            }
        }

        response.Content = content;
        return broken is null && read.Length <= MaxBytes ? read : default;
    }
}
