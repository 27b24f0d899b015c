namespace Signing.AspNetCore;

/// <summary>What becomes of the content that <see cref="ResponseSignatureBody"/> is given.</summary>
internal enum ResponseSignatureState
{
    /// <summary>Nothing was written yet.</summary>
    Undecided = 0,

    /// <summary>It is to be signed, and kept until it is complete.</summary>
    Kept,

    /// <summary>It goes out as it comes, unsigned.</summary>
    Open,

    /// <summary>All of it is there; it is signed when the response starts.</summary>
    Complete,

    /// <summary>Whoever wrote it has failed.</summary>
    Abandoned,
}
