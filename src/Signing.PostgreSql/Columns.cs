using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Reads the columns of a row one after another, from the first or from any other on.</summary>
internal sealed class Columns(NpgsqlDataReader reader, int first = 0)
{
    private int _next = first;

    /// <summary>Whether the next column is null: nothing was joined.</summary>
    public bool NextIsNull => reader.IsDBNull(_next);

    public string Text() => reader.GetString(_next++);

    public string? TextOrNull() => OrNull(reader.GetString);

    public string[] Texts() => reader.GetFieldValue<string[]>(_next++);

    public bool Flag() => reader.GetBoolean(_next++);

    public int Small() => reader.GetInt16(_next++);

    public int Number() => reader.GetInt32(_next++);

    public long Long() => reader.GetInt64(_next++);

    public byte[]? BytesOrNull() => OrNull(reader.GetFieldValue<byte[]>);

    public DateTimeOffset Instant() => new(reader.GetDateTime(_next++));

    public DateTimeOffset? InstantOrNull() => NextIsNull ? Nothing<DateTimeOffset>() : Instant();

    public TimeSpan Duration() => reader.GetTimeSpan(_next++);

    public TimeSpan? DurationOrNull() => NextIsNull ? Nothing<TimeSpan>() : Duration();

    public Stamp Stamp() => new(Instant(), Text());

    public Stamp? StampOrNull() => NextIsNull ? Nothing<Stamp>(columns: 2) : Stamp();

    public LastUse? LastUseOrNull() => NextIsNull ? Nothing<LastUse>(columns: 2) : new LastUse(Instant(), TextOrNull());

    public TokenHash? HashOrNull() => BytesOrNull() is { } bytes ? new TokenHash(bytes) : default(TokenHash?);

    // With the type said twice: null alone would become memory that is empty, and not none.
    public ReadOnlyMemory<byte>? SealedOrNull() => BytesOrNull() is { } bytes ? new ReadOnlyMemory<byte>(bytes) : default(ReadOnlyMemory<byte>?);

    private T? OrNull<T>(Func<int, T> read)
        where T : class
    {
        int column = _next++;
        return reader.IsDBNull(column) ? null : read(column);
    }

    private T? Nothing<T>(int columns = 1)
        where T : struct
    {
        _next += columns;
        return null;
    }
}
