namespace Signing.Client;

/// <summary>Keeps one slot for each identity, for as long as a source uses it: named clients with the same options share a token.</summary>
internal sealed class TokenSlots(TokenEnvironment environment)
{
    private readonly object _gate = new();
    private readonly Dictionary<TokenIdentity, TokenSlot> _slots = [];

    public TokenEnvironment Environment => environment;

    /// <param name="identity">What decides which token it is.</param>
    /// <param name="client">Who uses it; empty without a name.</param>
    public TokenSlot Acquire(TokenIdentity identity, string client)
    {
        lock (_gate)
        {
            TokenSlot slot = _slots.GetValueOrDefault(identity) ?? new TokenSlot(identity, environment);
            slot.Clients = [.. slot.Clients, client];
            _slots[identity] = slot;
            return slot;
        }
    }

    /// <summary>Lets go of a slot; its running flight goes on.</summary>
    /// <returns>Whether nobody else uses it.</returns>
    public bool Release(TokenSlot slot, string client)
    {
        lock (_gate)
        {
            List<string> clients = [.. slot.Clients];
            clients.Remove(client);
            slot.Clients = [.. clients];
            return clients.Count == 0 && _slots.Remove(slot.Identity);
        }
    }
}
