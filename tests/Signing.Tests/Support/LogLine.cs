using Microsoft.Extensions.Logging;

namespace Signing.Tests.Support;

public sealed record LogLine(string Category, LogLevel Level, int Id, string Text, Exception? Exception);
