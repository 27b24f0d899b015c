namespace Signing.AspNetCore;

/// <summary>How a file of credentials is.</summary>
internal enum CredentialFileState
{
    Closed = 0,

    /// <summary>In use, and what was changed is on the disk or will be.</summary>
    Open,

    /// <summary>The latest attempt to write it has failed.</summary>
    NotWritten,

    /// <summary>Somebody has removed it.</summary>
    Gone,
}
