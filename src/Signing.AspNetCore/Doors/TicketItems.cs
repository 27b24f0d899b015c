using System.Collections;
using Microsoft.AspNetCore.Authentication;

namespace Signing.AspNetCore;

/// <summary>What a ticket keeps of a token that ends: written as the text it is kept in only when somebody looks, which hardly anybody does.</summary>
internal sealed class TicketItems(DateTimeOffset end) : IDictionary<string, string?>
{
    private IDictionary<string, string?>? _items;

    public ICollection<string> Keys => Items.Keys;

    public ICollection<string?> Values => Items.Values;

    public int Count => Items.Count;

    public bool IsReadOnly => false;

    private IDictionary<string, string?> Items => _items ??= new AuthenticationProperties { ExpiresUtc = end }.Items;

    public string? this[string key]
    {
        get => Items[key];
        set => Items[key] = value;
    }

    public void Add(string key, string? value) => Items.Add(key, value);

    public void Add(KeyValuePair<string, string?> item) => Items.Add(item);

    public void Clear() => Items.Clear();

    public bool Contains(KeyValuePair<string, string?> item) => Items.Contains(item);

    public bool ContainsKey(string key) => Items.ContainsKey(key);

    public void CopyTo(KeyValuePair<string, string?>[] array, int arrayIndex) => Items.CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() => Items.GetEnumerator();

    public bool Remove(string key) => Items.Remove(key);

    public bool Remove(KeyValuePair<string, string?> item) => Items.Remove(item);

    public bool TryGetValue(string key, out string? value) => Items.TryGetValue(key, out value);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
