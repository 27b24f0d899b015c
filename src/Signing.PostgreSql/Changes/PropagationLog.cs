using Microsoft.Extensions.Logging;

namespace Signing.PostgreSql;

internal static partial class PropagationLog
{
    [LoggerMessage(4301, LogLevel.Error, "PostgreSQL does not tell what has changed. It is asked again and again; from {MaxStaleness} after the last answer on, nothing in memory is trusted, and what cannot be looked up is answered 503.")]
    public static partial void ChangesNotRead(this ILogger logger, TimeSpan maxStaleness, Exception exception);

    [LoggerMessage(4302, LogLevel.Information, "PostgreSQL tells again what has changed.")]
    public static partial void ChangesReadAgain(this ILogger logger);

    [LoggerMessage(4303, LogLevel.Warning, "The changes in PostgreSQL do not follow on what this node has seen: it was away for long, or a backup was restored. Everything in memory is looked up anew.")]
    public static partial void EverythingForgotten(this ILogger logger);

    [LoggerMessage(4304, LogLevel.Warning, "Notifications cannot be listened for. Changes are found by asking every {PollInterval} until they can.")]
    public static partial void NotListening(this ILogger logger, TimeSpan pollInterval, Exception exception);

    [LoggerMessage(4305, LogLevel.Information, "Notifications are listened for again.")]
    public static partial void ListeningAgain(this ILogger logger);

    [LoggerMessage(4306, LogLevel.Warning, "Changes come without notifications, as behind a transaction pooler. They are found by asking every {PollInterval}: connect to PostgreSQL itself, or set Propagation.Listen to false.")]
    public static partial void NotificationsDoNotArrive(this ILogger logger, TimeSpan pollInterval);
}
