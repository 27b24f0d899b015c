using Microsoft.Extensions.Logging;

namespace Signing.PostgreSql;

internal static partial class GrantLog
{
    [LoggerMessage(4201, LogLevel.Error, "Another node has made a master key, and it cannot be read. It is tried again and again; until then this node makes tokens with the key before, and answers 503 to tokens of the new one.")]
    public static partial void MasterKeyNotRead(this ILogger logger, Exception exception);
}
