namespace Signing.AspNetCore;

/// <summary>Why tokens can be neither issued nor verified by this host.</summary>
public enum TokenStartFault
{
    /// <summary>No fault.</summary>
    None = 0,

    /// <summary>Another process uses the journal of grants.</summary>
    JournalLocked,

    /// <summary>The journal of grants is damaged, or is not one.</summary>
    JournalCorrupt,

    /// <summary>The master key was sealed with another key ring than the host's.</summary>
    WrongKeyRing,

    /// <summary>The key ring is not encrypted, and the host runs outside Development.</summary>
    UnprotectedKeyRing,
}
