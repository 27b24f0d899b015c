namespace Signing.AspNetCore;

// The events of one store: numbered, the latest in memory to be listed, all of them in the file. What is not in the file yet
// stands in the document, so that no event is lost between the two.
internal sealed class AuditTrail(AuditFile file)
{
    private readonly Queue<AuditEvent> _latest = new();
    private readonly List<AuditEvent> _unwritten = [];

    public long LastNumber { get; private set; }

    public IReadOnlyCollection<AuditEvent> Latest => _latest;

    public IReadOnlyList<AuditEvent> Unwritten => [.. _unwritten];

    public void Open(CredentialDocument? document)
    {
        foreach (AuditEvent entry in file.Open())
        {
            Keep(entry);
        }

        foreach (AuditEvent entry in document?.Audit.Where(entry => entry.Number > LastNumber) ?? [])
        {
            Keep(entry);
            _unwritten.Add(entry);
        }

        LastNumber = Math.Max(LastNumber, document?.LastEvent ?? 0);
    }

    public void Add(IReadOnlyList<AuditEvent> events)
    {
        foreach (AuditEvent entry in events)
        {
            AuditEvent numbered = entry with { Number = LastNumber + 1 };
            Keep(numbered);
            _unwritten.Add(numbered);
        }
    }

    // Called by whoever writes, without the lock of the store.
    public void Write(IReadOnlyList<AuditEvent> events) => file.Append(events);

    public void Written(int count) => _unwritten.RemoveRange(0, count);

    private void Keep(AuditEvent entry)
    {
        LastNumber = entry.Number;
        _latest.Enqueue(entry);
        if (_latest.Count > FileCredentialStore.MaxEvents)
        {
            _latest.Dequeue();
        }
    }
}
