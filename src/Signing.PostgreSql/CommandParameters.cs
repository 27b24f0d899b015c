using Npgsql;
using NpgsqlTypes;

namespace Signing.PostgreSql;

/// <summary>Gives commands their parameters, each of one type of the database.</summary>
internal static class CommandParameters
{
    public static NpgsqlCommand Text(this NpgsqlCommand command, string name, string? value) => command.Add(name, NpgsqlDbType.Text, value);

    public static NpgsqlCommand Texts(this NpgsqlCommand command, string name, IEnumerable<string?>? values) =>
        command.Add(name, NpgsqlDbType.Array | NpgsqlDbType.Text, values?.ToArray());

    public static NpgsqlCommand Flag(this NpgsqlCommand command, string name, bool value) => command.Add(name, NpgsqlDbType.Boolean, value);

    public static NpgsqlCommand Small(this NpgsqlCommand command, string name, int value) => command.Add(name, NpgsqlDbType.Smallint, (short)value);

    public static NpgsqlCommand Smalls(this NpgsqlCommand command, string name, IEnumerable<int> values) =>
        command.Add(name, NpgsqlDbType.Array | NpgsqlDbType.Smallint, values.Select(value => (short)value).ToArray());

    public static NpgsqlCommand Number(this NpgsqlCommand command, string name, int value) => command.Add(name, NpgsqlDbType.Integer, value);

    public static NpgsqlCommand Numbers(this NpgsqlCommand command, string name, IEnumerable<int> values) =>
        command.Add(name, NpgsqlDbType.Array | NpgsqlDbType.Integer, values.ToArray());

    public static NpgsqlCommand Long(this NpgsqlCommand command, string name, long? value) => command.Add(name, NpgsqlDbType.Bigint, value);

    public static NpgsqlCommand Longs(this NpgsqlCommand command, string name, IEnumerable<long> values) =>
        command.Add(name, NpgsqlDbType.Array | NpgsqlDbType.Bigint, values.ToArray());

    // The database keeps microseconds: the rest of a tick is cut off.
    public static NpgsqlCommand Instant(this NpgsqlCommand command, string name, DateTimeOffset? value) => command.Add(name, NpgsqlDbType.TimestampTz, value?.UtcDateTime);

    public static NpgsqlCommand Instants(this NpgsqlCommand command, string name, IEnumerable<DateTimeOffset?> values) =>
        command.Add(name, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, values.Select(value => value?.UtcDateTime).ToArray());

    public static NpgsqlCommand Duration(this NpgsqlCommand command, string name, TimeSpan? value) => command.Add(name, NpgsqlDbType.Interval, value);

    public static NpgsqlCommand Bytes(this NpgsqlCommand command, string name, byte[]? value) => command.Add(name, NpgsqlDbType.Bytea, value);

    public static NpgsqlCommand ByteArrays(this NpgsqlCommand command, string name, IEnumerable<byte[]?> values) =>
        command.Add(name, NpgsqlDbType.Array | NpgsqlDbType.Bytea, values.ToArray());

    public static NpgsqlCommand Uuid(this NpgsqlCommand command, string name, Guid value) => command.Add(name, NpgsqlDbType.Uuid, value);

    private static NpgsqlCommand Add(this NpgsqlCommand command, string name, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
        return command;
    }
}
