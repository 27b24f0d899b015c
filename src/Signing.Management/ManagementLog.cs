using Microsoft.Extensions.Logging;

namespace Signing.Management;

/// <summary>The log messages; no secret and nothing of a body is ever among the arguments.</summary>
internal static partial class ManagementLog
{
    [LoggerMessage(5001, LogLevel.Information, "A request to the management of credentials is refused, {Code}.")]
    public static partial void Refused(this ILogger logger, string code);

    [LoggerMessage(5002, LogLevel.Warning, "No policies are set for the management of credentials: in Development it is open to every program on this machine. Set ManagementOptions.Policies.")]
    public static partial void OpenInDevelopment(this ILogger logger);

    [LoggerMessage(5003, LogLevel.Error, "The store of credentials failed; the request to its management is answered 503.")]
    public static partial void StoreFailed(this ILogger logger, Exception exception);

    [LoggerMessage(5004, LogLevel.Warning, "The policy {Policy} of the management of credentials names no authentication scheme, and the host has no default one, so whoever signs in stays unknown here. Add policy.AddAuthenticationSchemes(…) with the scheme of the people who manage credentials.")]
    public static partial void NoScheme(this ILogger logger, string policy);
}
