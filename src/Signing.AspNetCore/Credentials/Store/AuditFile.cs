using System.Text.Json;

namespace Signing.AspNetCore;

// The events, one line each, only ever appended to. A crash can tear the last line; the document still has its event then.
internal sealed class AuditFile(string path, Disk disk)
{
    public const string Ending = ".audit";

    private const byte LineEnd = (byte)'\n';

    // How much of the file is whole lines that count: a write that failed may have left more.
    private long _length;

    // Reads what is whole; what is not is cut off by the next write.
    public List<AuditEvent> Open()
    {
        List<AuditEvent> events = [];
        if (!File.Exists(path))
        {
            return events;
        }

        using FileStream file = disk.Acquire(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        int whole = 0;
        for (int end; (end = bytes.AsSpan(whole).IndexOf(LineEnd)) >= 0; whole += end + 1)
        {
            events.Add(Parse(bytes.AsSpan(whole, end), events.Count + 1));
        }

        _length = whole;
        return events;
    }

    public void Append(IReadOnlyList<AuditEvent> events)
    {
        bool isNew = !File.Exists(path);
        using FileStream file = disk.Acquire(path, isNew ? FileMode.CreateNew : FileMode.Open, FileAccess.Write, FileShare.Read);

        // Shorter, or new: somebody has moved it away or emptied it, as the rotation of logs does.
        _length = Math.Min(_length, file.Length);
        file.SetLength(_length);
        file.Position = _length;
        using var lines = new MemoryStream();
        foreach (AuditEvent entry in events)
        {
            JsonSerializer.Serialize(lines, entry, CredentialJson.Default.AuditEvent);
            lines.WriteByte(LineEnd);
        }

        disk.Write(file, lines.GetBuffer().AsSpan(0, (int)lines.Length));
        disk.Flush(file);
        _length += lines.Length;
        if (isNew)
        {
            disk.FlushDirectory(Path.GetDirectoryName(path)!);
        }
    }

    private AuditEvent Parse(ReadOnlySpan<byte> line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, CredentialJson.Default.AuditEvent) ?? throw new JsonException("The line is null.");
        }
        catch (JsonException exception)
        {
            throw new CredentialStoreException(
                CredentialStoreFault.Corrupt,
                $"Line {number} of the audit {path} is damaged. Nothing was changed: restore the file from a backup, or move it away to begin a new one.",
                exception);
        }
    }
}
