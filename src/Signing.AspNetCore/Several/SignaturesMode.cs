namespace Signing.AspNetCore;

/// <summary>How the signatures that an endpoint requires stand to each other.</summary>
internal enum SignaturesMode
{
    /// <summary>One of them is enough.</summary>
    Any,

    /// <summary>All of them, by keys that differ.</summary>
    All,

    /// <summary>All of them, each covering those before it.</summary>
    Chain,
}
