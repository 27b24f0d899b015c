namespace Signing.AspNetCore;

/// <summary>The names the server goes by unless told otherwise.</summary>
public static class SignatureDefaults
{
    /// <summary>The authentication scheme: <c>Signature</c>; also the scheme in <c>WWW-Authenticate</c>, whatever name it is registered under.</summary>
    public const string AuthenticationScheme = "Signature";

    /// <summary>The <c>Meter</c> and the <c>ActivitySource</c>: the name of the package.</summary>
    public const string TelemetryName = "Signing.AspNetCore";
}
