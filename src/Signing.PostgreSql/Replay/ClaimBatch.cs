using System.Buffers.Binary;

namespace Signing.PostgreSql;

/// <summary>What is sent of claims: their slots and fingerprints, as parameters of one statement.</summary>
internal sealed class ClaimBatch
{
    private static readonly Comparison<PendingClaim> ByFingerprint = static (left, right) => left.Fingerprint.CompareTo(right.Fingerprint);

    private readonly List<PendingClaim> _claims = [];

    public IReadOnlyList<PendingClaim> Claims => _claims;

    public List<short> Slots { get; } = [];

    public List<Guid> Fingerprints { get; } = [];

    public bool IsEmpty => _claims.Count == 0;

    public void Clear()
    {
        _claims.Clear();
        Slots.Clear();
        Fingerprints.Clear();
    }

    public void Add(PendingClaim claim) => _claims.Add(claim);

    /// <summary>Writes the parameters.</summary>
    public void Arrange(ClaimMemory memory)
    {
        // In one order on all nodes: of two batches that claim the same signatures one waits for the other, and never both.
        _claims.Sort(ByFingerprint);
        Span<byte> bytes = stackalloc byte[16];
        foreach (PendingClaim claim in _claims)
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes, claim.Fingerprint);
            Fingerprints.Add(new Guid(bytes, bigEndian: true));
            Slots.Add(memory.SlotOf(claim.Created));
        }
    }

    /// <summary>Finds the claim that a row is about, from a place on: rows come in the order in which they were sent.</summary>
    /// <returns>Its place.</returns>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public int Find(Guid fingerprint, int from)
    {
        int place = Fingerprints.IndexOf(fingerprint, from);
        return place >= 0 ? place : throw new InvalidOperationException("The database has answered about a signature that it was not asked for.");
    }
}
