namespace Signing.Management;

/// <summary>What a policy says about a request.</summary>
internal enum Verdict
{
    Denied = 0,
    Allowed,
    NotSignedIn,

    /// <summary>A credential of ours without the scope that lets it manage credentials.</summary>
    NotManaging,

    /// <summary>Without policies, from somewhere else than this machine.</summary>
    NotLocal,
}
