namespace Signing.Benchmarks.Load;

/// <summary>What the requests to a door carry.</summary>
internal enum LoadProof
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A signature, each of its own.</summary>
    Signature,

    /// <summary>An access token of ours.</summary>
    AccessToken,

    /// <summary>What ASP.NET's own scheme hands out at a sign-in.</summary>
    Login,
}
