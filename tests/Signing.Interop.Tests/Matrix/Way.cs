namespace Signing.Interop.Tests.Matrix;

/// <summary>What stands between a caller and a server.</summary>
public enum Way
{
    /// <summary>Nothing, and no TLS.</summary>
    Direct,

    /// <summary>An nginx that hands on the caller's Host; the server learns of TLS from X-Forwarded-Proto.</summary>
    NginxPassing,

    /// <summary>An nginx as it comes, whose Host is the server's own address; the server is told its public origin.</summary>
    NginxRewriting,

    /// <summary>An nginx with a Host of its own and the caller's in X-Forwarded-Host.</summary>
    NginxForwarding,

    /// <summary>An nginx that takes a prefix off the path, which makes it decode the path; the server is told its public origin, prefix included.</summary>
    NginxStripping,

    /// <summary>A haproxy, which hands on the caller's Host; the server learns of TLS from X-Forwarded-Proto.</summary>
    Haproxy,
}
