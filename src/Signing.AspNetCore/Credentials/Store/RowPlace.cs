using System.Globalization;

namespace Signing.AspNetCore;

// Where a page begins: behind the last row of the one before, named by when it was created, in ticks, and by its id; behind the
// last event, by its number alone.
internal readonly record struct RowPlace(long Number, string Id)
{
    private const char Separator = '.';

    public static RowPlace Behind(DateTimeOffset created, string id) => new(created.UtcTicks, id);

    public static RowPlace Behind(long number) => new(number, "");

    /// <summary>Reads where a page is to begin; null where it is the first one.</summary>
    /// <exception cref="ArgumentException">The limit of the query is out of range, or its place was not written here.</exception>
    public static RowPlace? Of(RowQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, RowQuery.MaxLimit, nameof(query));
        if (query.After is null)
        {
            return null;
        }

        int end = query.After.IndexOf(Separator, StringComparison.Ordinal);
        return end > 0 && long.TryParse(query.After.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? new RowPlace(number, query.After[(end + 1)..])
            : throw new ArgumentException("The place to begin at is not from this store.", nameof(query));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}{Separator}{Id}");
}
