namespace Signing;

/// <summary>Lists the orders in which a few items can stand.</summary>
internal static class Orders
{
    /// <summary>Lists all orders, or of more items than may be tried the one that is sorted and the one from behind.</summary>
    public static IEnumerable<string[]> Of(string[] items, int maxItems) =>
        items.Length <= maxItems ? All(items) : [[.. items.Order(StringComparer.Ordinal)], [.. Enumerable.Reverse(items)]];

    private static IEnumerable<string[]> All(string[] items) => items.Length < 2
        ? [items]
        : Enumerable.Range(0, items.Length).SelectMany(first => All([.. items.Where((_, index) => index != first)]), (first, rest) => (string[])[items[first], .. rest]);
}
