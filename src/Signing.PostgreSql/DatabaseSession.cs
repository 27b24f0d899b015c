using Npgsql;

namespace Signing.PostgreSql;

/// <summary>A connection, and the transaction on it if there is one.</summary>
internal sealed record DatabaseSession(Database Database, NpgsqlConnection Connection, NpgsqlTransaction? Transaction = null)
{
    public NpgsqlCommand Command(string name) => Database.Command(name, Connection, Transaction);
}
