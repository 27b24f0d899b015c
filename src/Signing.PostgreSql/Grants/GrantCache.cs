using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>The grants and bindings that this node keeps in memory.</summary>
/// <remarks>
/// Every node is told of a revocation, and of nothing else: a grant here may be some refreshes behind, and not know yet that a
/// current token was used. Whoever needs to know asks the database.
/// </remarks>
internal sealed class GrantCache(int capacity) : LookUpCache
{
    private readonly LookUps<UInt128, Grant> _grants = new(capacity);
    private readonly LookUps<string, string> _bindings = new(capacity, StringComparer.Ordinal);

    public bool TryGet(UInt128 id, out Grant? grant) => _grants.TryGet(id, out grant);

    public void Keep(UInt128 id, StoredGrant stored) => _grants.Keep(id, stored.Grant, stored.Seen);

    public bool TryGetBinding(string sharingKeyId, out string? grantee) => _bindings.TryGet(sharingKeyId, out grantee);

    public void KeepBinding(string sharingKeyId, string grantee, long seen) => _bindings.Keep(sharingKeyId, grantee, seen);

    public override void Forget(long number, ReadOnlySpan<ChangeNote> notes)
    {
        foreach (ChangeNote note in notes)
        {
            Forget(number, note);
        }
    }

    // The bindings too: a binding never changes, unless the whole database is another one.
    public override void ForgetAll(long number)
    {
        _grants.ForgetAll(number);
        _bindings.ForgetAll(number);
    }

    private void Forget(long number, ChangeNote note)
    {
        switch (note.Kind)
        {
            case ChangeKind.Grant when GrantNotes.TryRead(note.Subject, out UInt128 id):
                _grants.Forget(number, id);
                break;
            case ChangeKind.GrantsOfOwner when GrantNotes.TryRead(note.Subject, out GrantOwner owner, out string value):
                _grants.Forget(number, grant => grant.Belongs(owner, value));
                break;
            case ChangeKind.Grant or ChangeKind.GrantsOfOwner:
                // A later version has written what this one cannot read.
                _grants.Forget(number, static _ => true);
                break;
            case ChangeKind.Everything:
                ForgetAll(number);
                break;
        }
    }
}
