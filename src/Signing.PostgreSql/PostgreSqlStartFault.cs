namespace Signing.PostgreSql;

/// <summary>Why a host cannot start with its database.</summary>
public enum PostgreSqlStartFault
{
    /// <summary>No fault.</summary>
    None = 0,

    /// <summary>The database cannot be reached, or does not let the host in.</summary>
    Unreachable,

    /// <summary>Steps of the migration are missing, and the host may not apply them.</summary>
    MissingTables,

    /// <summary>The tables are of a later version.</summary>
    LaterTables,

    /// <summary>The Secrets in the database were sealed with another key ring than the host's.</summary>
    WrongKeyRing,

    /// <summary>The key ring is not encrypted, and the host runs outside Development.</summary>
    UnprotectedKeyRing,

    /// <summary>Credentials come from somewhere else too, and only one of the two would be asked.</summary>
    SeveralSources,
}
