namespace Signing.AspNetCore;

// What the journal keeps: one grant, master key or binding as it was at a time. A later row of the same grant or key
// replaces an earlier one, but none undoes a revocation.
internal sealed class JournalRow
{
    public Grant? Grant { get; init; }

    public SealedMasterKey? MasterKey { get; init; }

    public SharingKeyBinding? Binding { get; init; }

    // A list that is missing is null, whatever the property is without one.
    public bool IsOneThing =>
        (Grant is null ? 0 : 1) + (MasterKey is null ? 0 : 1) + (Binding is null ? 0 : 1) == 1
        && (Grant is null || Grant.Scopes?.All(static scope => scope is not null) == true);
}
