using Microsoft.Extensions.Logging;

namespace Signing.PostgreSql;

/// <summary>The log messages of the claims, once for each outage and not for each request.</summary>
internal static partial class ClaimLog
{
    [LoggerMessage(4320, LogLevel.Error, "Signatures cannot be claimed in PostgreSQL; requests are answered 503 until they can.")]
    public static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(4321, LogLevel.Error, "PostgreSQL has taken longer than {Milliseconds} ms to claim signatures; requests are answered 503 until it does not.")]
    public static partial void Slow(ILogger logger, double milliseconds);

    [LoggerMessage(4322, LogLevel.Information, "Signatures are claimed in PostgreSQL again.")]
    public static partial void Recovered(ILogger logger);

    [LoggerMessage(4323, LogLevel.Warning, "PostgreSQL does not remember which signatures were accepted, as after its start; what was created before {Floor:u} is answered 503.")]
    public static partial void Begun(ILogger logger, DateTimeOffset floor);
}
