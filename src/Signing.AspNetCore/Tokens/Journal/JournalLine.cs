using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Signing.AspNetCore;

// One line of the journal: what one flush made to last.
//
//   1f0c93ab [{"grant":{…}},{"grant":{…}}]
//   checksum, CRC-32C of the rest without the line's end
//
// A line is one flush, so that a crash can tear the last line only, however many rows were under way.
internal static class JournalLine
{
    public const byte End = (byte)'\n';

    private const int ChecksumLength = 8;
    private const int StartLength = ChecksumLength + 1;

    public static ReadOnlySpan<byte> Header => "signing grants, version 1"u8;

    public static void WriteHeader(IBufferWriter<byte> output)
    {
        output.Write(Header);
        output.Write([End]);
    }

    public static void Write(ArrayBufferWriter<byte> output, JournalRow[] rows)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(rows, JournalJson.Default.JournalRowArray);
        Span<byte> start = output.GetSpan(StartLength)[..StartLength];
        ChecksumOf(json).TryFormat(start, out _, "x8", CultureInfo.InvariantCulture);
        start[ChecksumLength] = (byte)' ';
        output.Advance(StartLength);
        output.Write(json);
        output.Write([End]);
    }

    // Null: the line is torn or damaged. It is given without its end.
    public static bool TryRead(ReadOnlySpan<byte> line, [NotNullWhen(true)] out JournalRow[]? rows)
    {
        rows = null;
        if (line.Length <= StartLength
            || line[ChecksumLength] != ' '
            || !uint.TryParse(line[..ChecksumLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint checksum)
            || checksum != ChecksumOf(line[StartLength..]))
        {
            return false;
        }

        rows = JsonSerializer.Deserialize(line[StartLength..], JournalJson.Default.JournalRowArray) ?? throw new JsonException("The line has no rows.");
        return true;
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> data)
    {
        uint checksum = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte rest in data)
        {
            checksum = BitOperations.Crc32C(checksum, rest);
        }

        return ~checksum;
    }
}
