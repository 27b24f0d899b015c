using System.Text.Json;

namespace Signing.AspNetCore;

// Reads a journal into a table. The last line may be torn: it was never confirmed to anybody. Any other damage stops the
// start, because to go on would forget revocations.
internal static class JournalReader
{
    private const int FirstBufferSize = 1 << 16;

    // False if the last line was torn.
    public static bool Read(FileStream file, string path, GrantTable table)
    {
        byte[] buffer = new byte[FirstBufferSize];
        int filled = 0;
        long number = 0;
        bool torn = false;
        int read;
        do
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            read = file.Read(buffer.AsSpan(filled));
            filled += read;
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, filled);
            for (int end; (end = rest.IndexOf(JournalLine.End)) >= 0; rest = rest[(end + 1)..])
            {
                if (torn)
                {
                    throw Corrupt(path, number, "is damaged, and it is not the last one");
                }

                number++;
                torn = !TryRead(rest[..end], path, number, table);
            }

            rest.CopyTo(buffer);
            filled = rest.Length;
        }
        while (read > 0);

        if (number == 0)
        {
            throw Corrupt(path, 1, "is not the beginning of a journal of grants that this version reads");
        }

        if (torn && filled > 0)
        {
            throw Corrupt(path, number, "is damaged, and it is not the last one");
        }

        return !torn && filled == 0;
    }

    private static bool TryRead(ReadOnlySpan<byte> line, string path, long number, GrantTable table)
    {
        if (number == 1)
        {
            return line.SequenceEqual(JournalLine.Header) ? true : throw Corrupt(path, 1, "is not the beginning of a journal of grants that this version reads");
        }

        try
        {
            if (!JournalLine.TryRead(line, out JournalRow[]? rows))
            {
                return false;
            }

            foreach (JournalRow row in rows)
            {
                if (row is not { IsOneThing: true })
                {
                    throw Corrupt(path, number, "has a row that is not one grant, one master key or one binding");
                }

                table.Restore(row);
            }

            return true;
        }
        catch (JsonException exception)
        {
            throw Corrupt(path, number, "has a right checksum, but rows that this version does not know", exception);
        }
    }

    private static TokenStartException Corrupt(string path, long number, string what, Exception? cause = null) => new(
        TokenStartFault.JournalCorrupt,
        $"Line {number} of the journal of grants {path} {what}. Nothing was changed. Restore the file from a backup, or move it away: then every client has to log in again.",
        cause);
}
