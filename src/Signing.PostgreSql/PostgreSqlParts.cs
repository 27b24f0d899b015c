namespace Signing.PostgreSql;

/// <summary>What is kept in PostgreSQL; the rest stays where it is without it.</summary>
[Flags]
public enum PostgreSqlParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Workspaces, applications, credentials, sharing keys and the audit.</summary>
    Credentials = 1,

    /// <summary>The grants behind the tokens, and the sealed master keys.</summary>
    Grants = 2,

    /// <summary>The claims of signatures that were accepted.</summary>
    Replay = 4,

    /// <summary>All of it.</summary>
    All = Credentials | Grants | Replay,
}
