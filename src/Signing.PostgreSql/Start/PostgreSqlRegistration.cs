namespace Signing.PostgreSql;

/// <summary>Which database a host keeps which parts in; in the services once, whatever the number of calls that have added to it.</summary>
/// <param name="address">The data source or the connection string that the host has named.</param>
internal sealed class PostgreSqlRegistration(object address)
{
    public PostgreSqlParts Parts { get; private set; }

    public bool IsOf(object other) => address.Equals(other);

    /// <summary>Takes parts on.</summary>
    /// <returns>Those that were not there before.</returns>
    public PostgreSqlParts Take(PostgreSqlParts parts)
    {
        PostgreSqlParts added = parts & ~Parts;
        Parts |= parts;
        return added;
    }
}
