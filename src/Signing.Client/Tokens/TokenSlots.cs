namespace Signing.Client;

/// <summary>Keeps one slot for each identity, for as long as a source uses it: named clients with the same options share a token.</summary>
internal sealed class TokenSlots(TokenEnvironment environment)
{
    private readonly object _gate = new();
    private readonly Dictionary<TokenIdentity, (TokenSlot Slot, int Users)> _slots = [];

    public TokenEnvironment Environment => environment;

    public TokenSlot Acquire(TokenIdentity identity)
    {
        lock (_gate)
        {
            (TokenSlot? slot, int users) = _slots.GetValueOrDefault(identity);
            slot ??= new TokenSlot(identity, environment);
            _slots[identity] = (slot, users + 1);
            return slot;
        }
    }

    /// <summary>Lets go of a slot; its running flight goes on.</summary>
    /// <returns>Whether nobody else uses it.</returns>
    public bool Release(TokenSlot slot)
    {
        lock (_gate)
        {
            int users = _slots[slot.Identity].Users - 1;
            if (users > 0)
            {
                _slots[slot.Identity] = (slot, users);
                return false;
            }

            return _slots.Remove(slot.Identity);
        }
    }
}
