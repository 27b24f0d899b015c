using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Checks queries of rows.</summary>
internal static class RowQueries
{
    /// <summary>Reads where a page is to begin; null where it is the first one.</summary>
    /// <exception cref="ArgumentException">The limit is out of range, or the place was not written by a store.</exception>
    public static RowPlace? PlaceOf(RowQuery query)
    {
        RowPlace? place = RowPlace.Of(query);
        return place is not { } known || (known.Number <= DateTimeOffset.MaxValue.Ticks && StoredText.CanBe(known.Id))
            ? place
            : throw new ArgumentException("The place to begin at is not from this store.", nameof(query));
    }

    /// <summary>Says whether there can be rows of this query: none has a text that the database cannot hold.</summary>
    public static bool MayFind(RowQuery query) => MayFindEvents(query) && CanBe(query.ParentId);

    /// <summary>Says so of events, of which no parent is looked for.</summary>
    public static bool MayFindEvents(RowQuery query) => CanBe(query.Text) && CanBe(query.ApplicationId);

    private static bool CanBe(string? text) => text is null || StoredText.CanBe(text);
}
