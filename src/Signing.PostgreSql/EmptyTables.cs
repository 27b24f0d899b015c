namespace Signing.PostgreSql;

/// <summary>Requires of an import that its tables are empty: all or nothing is only then one or the other.</summary>
internal static class EmptyTables
{
    /// <param name="session">The transaction of the import.</param>
    /// <param name="statement">Says whether they are empty.</param>
    /// <param name="found">What would be there, and how it may have come.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">They are not.</exception>
    public static async Task RequireAsync(DatabaseSession session, string statement, string found, CancellationToken cancellationToken)
    {
        if (!(await session.Command(statement).AskAsync(cancellationToken).ConfigureAwait(false))[0])
        {
            throw new InvalidOperationException(
                $"The schema {session.Database.Options.Schema} has {found}. An import is all or nothing, into empty tables: go on with what was not imported yet, name another schema, or drop this one if nobody needs it.");
        }
    }
}
